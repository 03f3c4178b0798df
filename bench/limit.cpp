// What this hardware can do: the models of bench/models.ts by hand, in flat arrays, with no design, no figures beyond a
// mean, no random streams per node, no limits and no snapshots. Ties in time are settled in order of scheduling, as in
// Spillway. Prints one line of JSON. g++ -O3 -march=native -std=c++20 limit.cpp -o limit && ./limit mm1 1000000
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

struct Random {
  uint64_t a = 0x243f6a8885a308d3, b = 0x13198a2e03707344, c = 0xa4093822299f31d0, counter = 1;
  uint64_t next() {
    const uint64_t sum = a + b + counter++;
    a = b ^ (b >> 11);
    b = c + (c << 3);
    c = ((c << 24) | (c >> 40)) + sum;
    return sum;
  }
  double uniform() { return (double)(next() >> 11) * 0x1p-53; }
};

// Exponential variates by a ziggurat of 256 layers of equal area (Marsaglia and Tsang 2000).
struct Exponential {
  static constexpr int layers = 256;
  static constexpr double tail = 7.69711747013104972, area = 0.0039496598225815571993;
  double edge[layers + 1], height[layers + 1];
  Exponential() {
    edge[0] = area / std::exp(-tail);
    edge[1] = tail;
    for (int i = 2; i < layers; i++) edge[i] = -std::log(std::exp(-edge[i - 1]) + area / edge[i - 1]);
    edge[layers] = 0;
    for (int i = 0; i <= layers; i++) height[i] = std::exp(-edge[i]);
  }
  double draw(Random& random) const {
    for (;;) {
      const uint64_t bits = random.next();
      const int layer = bits & (layers - 1);
      const double x = (double)(bits >> 11) * 0x1p-53 * edge[layer];
      if (x < edge[layer + 1]) return x;
      if (layer == 0) return tail - std::log(1 - random.uniform());
      if (height[layer] + (height[layer + 1] - height[layer]) * random.uniform() < std::exp(-x)) return x;
    }
  }
};

// A heap with four children a node. The key is one wide integer: the bits of the time (which order as the times do,
// none being negative) above the order of scheduling above the code. Comparing wide integers needs no branch, and which
// child is least is a coin toss that no branch predictor wins. A pop leaves a hole at the top which the next push fills.
struct Events {
  using Key = unsigned __int128;
  std::vector<Key> heap;
  uint64_t inserted = 0;
  bool hole = false;
  void push(double time, uint32_t code) {
    uint64_t bits;
    std::memcpy(&bits, &time, sizeof bits);
    const Key key = (Key)bits << 64 | inserted++ << 32 | code;
    if (hole) {
      hole = false;
      return down(key);
    }
    size_t at = heap.size();
    heap.push_back(key);
    while (at > 0) {
      const size_t parent = (at - 1) / 4;
      if (key >= heap[parent]) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }
  bool pop(double& time, uint32_t& code) {
    if (hole) {
      hole = false;
      const Key last = heap.back();
      heap.pop_back();
      if (!heap.empty()) down(last);
    }
    if (heap.empty()) return false;
    const uint64_t bits = (uint64_t)(heap[0] >> 64);
    std::memcpy(&time, &bits, sizeof bits);
    code = (uint32_t)heap[0];
    hole = true;
    return true;
  }
  void down(Key key) {
    Key* const keys = heap.data();
    const size_t size = heap.size();
    size_t at = 0;
    for (;;) {
      const size_t first = at * 4 + 1;
      if (first >= size) break;
      size_t least = first;
      if (first + 4 <= size) {
        const size_t left = first + (keys[first + 1] < keys[first]);
        const size_t right = first + 2 + (keys[first + 3] < keys[first + 2]);
        least = keys[right] < keys[left] ? right : left;
      } else {
        for (size_t child = first + 1; child < size; child++) least = keys[child] < keys[least] ? child : least;
      }
      if (keys[least] >= key) break;
      keys[at] = keys[least];
      at = least;
    }
    keys[at] = key;
  }
};

struct Slots {
  std::vector<uint32_t> free;
  explicit Slots(uint32_t size) {
    for (uint32_t i = size; i-- > 0;) free.push_back(i);
  }
  uint32_t take() {
    const uint32_t slot = free.back();
    free.pop_back();
    return slot;
  }
  void give(uint32_t slot) { free.push_back(slot); }
};

struct Line {
  static constexpr uint32_t size = 1 << 10;
  std::vector<uint32_t> ring = std::vector<uint32_t>(size);
  uint32_t head = 0, end = 0;
  bool empty() const { return head == end; }
  void push(uint32_t value) { ring[end++ & (size - 1)] = value; }
  uint32_t shift() { return ring[head++ & (size - 1)]; }
};

struct Outcome {
  uint64_t events = 0;
  double mean = 0;
};

static const uint32_t arrival = 0xffffffff;

// One source, stations in series with `servers` each.
static Outcome stations(int count, int servers, double service, uint32_t messages) {
  Random random;
  const Exponential exponential;
  Events events;
  Slots slots(1 << 14);
  std::vector<double> born(1 << 14);
  std::vector<Line> lines(count);
  std::vector<int> busy(count);
  Outcome outcome;
  double now, total = 0;
  uint32_t code, made = 1;
  auto enter = [&](int station, uint32_t message) {
    if (busy[station] == servers) return lines[station].push(message);
    busy[station]++;
    events.push(now + exponential.draw(random) * service, (uint32_t)station << 16 | message);
  };
  events.push(exponential.draw(random), arrival);
  while (events.pop(now, code)) {
    outcome.events++;
    if (code == arrival) {
      if (made++ < messages) events.push(now + exponential.draw(random), arrival);
      const uint32_t message = slots.take();
      born[message] = now;
      enter(0, message);
      continue;
    }
    const int station = code >> 16;
    const uint32_t message = code & 0xffff;
    if (lines[station].empty()) busy[station]--;
    else events.push(now + exponential.draw(random) * service, (uint32_t)station << 16 | lines[station].shift());
    if (station + 1 < count) enter(station + 1, message);
    else {
      total += now - born[message];
      slots.give(message);
    }
  }
  outcome.mean = total / messages;
  return outcome;
}

// Many lanes of source, line and one worker; a tenth of the tries fail and come back later, five tries in all.
static Outcome pipe(int lanes, uint32_t messages) {
  enum Kind : uint32_t { arrives, served, retries };
  Random random;
  const Exponential exponential;
  Events events;
  const uint32_t most = 1 << 20;
  Slots slots(most);
  std::vector<double> born(most);
  std::vector<uint8_t> tries(most);
  std::vector<uint16_t> lane_of(most), busy(lanes);
  std::vector<uint32_t> in_hand(lanes);
  std::vector<Line> lines(lanes);
  Outcome outcome;
  double now, total = 0;
  uint32_t code, made = lanes, done = 0;
  auto start = [&](uint32_t lane, uint32_t message) {
    in_hand[lane] = message;
    events.push(now + exponential.draw(random) * 0.7, served << 28 | lane);
  };
  auto enter = [&](uint32_t lane, uint32_t message) {
    if (busy[lane]) return lines[lane].push(message);
    busy[lane] = 1;
    start(lane, message);
  };
  for (int lane = 0; lane < lanes; lane++) events.push(exponential.draw(random), arrives << 28 | lane);
  while (events.pop(now, code)) {
    outcome.events++;
    const uint32_t what = code & 0xfffffff;
    switch (code >> 28) {
      case arrives: {
        if (made++ < messages) events.push(now + exponential.draw(random), code);
        const uint32_t message = slots.take();
        born[message] = now;
        tries[message] = 0;
        lane_of[message] = what;
        enter(what, message);
        break;
      }
      case served: {
        const uint32_t message = in_hand[what];
        if (lines[what].empty()) busy[what] = 0;
        else start(what, lines[what].shift());
        if (random.uniform() < 0.1) {
          if (++tries[message] < 5) {
            const double wait = 0.1 * (1 << (tries[message] - 1)) * (0.5 + random.uniform());
            events.push(now + wait, retries << 28 | message);
            break;
          }
        } else {
          total += now - born[message];
          done++;
        }
        slots.give(message);
        break;
      }
      default:
        enter(lane_of[what], what);
    }
  }
  outcome.mean = total / done;
  return outcome;
}

int main(int count, char** words) {
  if (count < 3) return 2;
  const char* model = words[1];
  const uint32_t messages = (uint32_t)std::atoll(words[2]);
  const auto from = std::chrono::steady_clock::now();
  Outcome outcome;
  if (!std::strcmp(model, "mm1")) outcome = stations(1, 1, 0.8, messages);
  else if (!std::strcmp(model, "mm4")) outcome = stations(1, 4, 3.2, messages);
  else if (!std::strcmp(model, "tandem")) outcome = stations(3, 1, 0.8, messages);
  else if (!std::strcmp(model, "pipe")) outcome = pipe(500, messages);
  else return 2;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  std::printf("{\"events\":%llu,\"seconds\":%.6f,\"mean\":%.6f}\n", (unsigned long long)outcome.events, seconds, outcome.mean);
}
