// What JavaScript can do on this hardware: the models of bench/models.ts by hand, as limit.cpp has them, on arrays that
// the compiler knows when it makes machine code: no design, no kinds, no figures beyond a mean, one random stream, no
// limits, no snapshots. Ties in time are settled in order of scheduling. Prints one line of JSON: what is timed comes
// after a tenth of it that is not. node limit.mjs mm1 1000000

const MOST = 1 << 20;
const ARRIVAL = -1;

// sfc32 of Chris Doty-Humphrey.
const state = Int32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 1);

function next() {
  const b = state[1];
  const c = state[2];
  const out = (state[0] + b + state[3]) | 0;
  state[3] = (state[3] + 1) | 0;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = (((c << 21) | (c >>> 11)) + out) | 0;
  return out;
}

function uniform() {
  return (next() >>> 0) / 4294967296;
}

// Exponential variates by a ziggurat of 256 layers of equal area (Marsaglia and Tsang 2000).
const TAIL = 7.69711747013105;
const width = new Float64Array(256);
const edge = new Float64Array(256);
const height = new Float64Array(256);
{
  const area = (TAIL + 1) * Math.exp(-TAIL);
  edge[255] = TAIL;
  width[255] = area / Math.exp(-TAIL) / 4294967296;
  for (let i = 254; i >= 0; i--) {
    edge[i] = i === 0 ? 0 : -Math.log(area / edge[i + 1] + Math.exp(-edge[i + 1]));
    width[i] = edge[i + 1] / 4294967296;
  }
  for (let i = 0; i < 256; i++) height[i] = Math.exp(-edge[i]);
}

function exponential() {
  const draw = next() >>> 0;
  const layer = draw & 255;
  const x = draw * width[layer];
  return x < edge[layer] ? x : +exponentialRest(layer, x);
}

/**
 * @param {number} layer
 * @param {number} x
 */
function exponentialRest(layer, x) {
  for (;;) {
    if (layer === 255) return TAIL - Math.log(1 - uniform());
    if (height[layer + 1] + (height[layer] - height[layer + 1]) * uniform() < Math.exp(-x)) return x;
    const draw = next() >>> 0;
    layer = draw & 255;
    x = draw * width[layer];
    if (x < edge[layer]) return x;
  }
}

// A binary heap from index 1 whose pop leaves a hole at the top that the next push fills. The lesser child is chosen by
// arithmetic; behind the last entry stands Infinity.
const times = new Float64Array(MOST).fill(Infinity);
const orders = new Float64Array(MOST);
const codes = new Int32Array(MOST);
const heap = { size: 0, hole: 0, inserted: 0 };

/**
 * @param {number} time
 * @param {number} code
 */
function push(time, code) {
  const order = heap.inserted++;
  if (heap.hole === 1) {
    heap.hole = 0;
    down(time, order, code);
    return;
  }
  let at = ++heap.size;
  while (at > 1 && times[at >> 1] > time) {
    times[at] = times[at >> 1];
    orders[at] = orders[at >> 1];
    codes[at] = codes[at >> 1];
    at >>= 1;
  }
  times[at] = time;
  orders[at] = order;
  codes[at] = code;
}

/** Takes the next event, which then stands at index 1; false if there is none. */
function pop() {
  if (heap.hole === 1) {
    heap.hole = 0;
    const last = heap.size--;
    const time = times[last];
    times[last] = Infinity;
    if (last > 1) down(time, orders[last], codes[last]);
  }
  if (heap.size === 0) return false;
  heap.hole = 1;
  return true;
}

/**
 * @param {number} time
 * @param {number} order
 * @param {number} code
 */
function down(time, order, code) {
  const size = heap.size;
  let at = 1;
  let child = 2;
  while (child <= size) {
    const left = times[child];
    const right = times[child | 1];
    child |= /** @type {any} */ (right < left) | 0;
    if (left === right && orders[child | 1] < orders[child]) child |= 1;
    const least = times[child];
    if (time <= least && (time < least || order < orders[child])) break;
    times[at] = least;
    orders[at] = orders[child];
    codes[at] = codes[child];
    at = child;
    child <<= 1;
  }
  times[at] = time;
  orders[at] = order;
  codes[at] = code;
}

const free = new Int32Array(MOST);
const born = new Float64Array(MOST);
const tries = new Uint8Array(MOST);
const laneOf = new Uint16Array(MOST);
const RING = 10;
const rings = new Int32Array(512 << RING);
const heads = new Int32Array(512);
const ends = new Int32Array(512);
const busy = new Int32Array(512);
const inHand = new Int32Array(512);
const slots = { free: 0 };

function clear() {
  Object.assign(heap, { size: 0, hole: 0, inserted: 0 });
  slots.free = MOST;
  for (let i = 0; i < MOST; i++) free[i] = MOST - 1 - i;
  for (const array of [heads, ends, busy]) array.fill(0);
}

/**
 * @param {number} line
 * @param {number} message
 */
function wait(line, message) {
  rings[(line << RING) | (ends[line]++ & ((1 << RING) - 1))] = message;
}

/**
 * @param {number} line
 */
function shift(line) {
  return rings[(line << RING) | (heads[line]++ & ((1 << RING) - 1))];
}

/**
 * One source, stations in a row with so many servers each.
 * @param {number} count
 * @param {number} servers
 * @param {number} service
 * @param {number} messages
 */
function stations(count, servers, service, messages) {
  const enter = (/** @type {number} */ now, /** @type {number} */ station, /** @type {number} */ message) => {
    if (busy[station] === servers) return wait(station, message);
    busy[station]++;
    push(now + exponential() * service, (station << 20) | message);
  };
  let made = 1;
  let events = 0;
  let total = 0;
  push(exponential(), ARRIVAL);
  while (pop()) {
    const now = times[1];
    const code = codes[1];
    events++;
    if (code === ARRIVAL) {
      if (made++ < messages) push(now + exponential(), ARRIVAL);
      const message = free[--slots.free];
      born[message] = now;
      enter(now, 0, message);
      continue;
    }
    const station = code >> 20;
    const message = code & (MOST - 1);
    if (heads[station] === ends[station]) busy[station]--;
    else push(now + exponential() * service, (station << 20) | shift(station));
    if (station + 1 < count) enter(now, station + 1, message);
    else {
      total += now - born[message];
      free[slots.free++] = message;
    }
  }
  return { events, mean: total / messages };
}

const ARRIVES = 0;
const SERVED = 1;
const RETRIES = 2;

/**
 * Many lanes of source, line and one worker; a tenth of the tries fail and come back later, five tries in all.
 * @param {number} lanes
 * @param {number} messages
 */
function pipe(lanes, messages) {
  const start = (/** @type {number} */ now, /** @type {number} */ lane, /** @type {number} */ message) => {
    inHand[lane] = message;
    push(now + exponential() * 0.7, (SERVED << 28) | lane);
  };
  const enter = (/** @type {number} */ now, /** @type {number} */ lane, /** @type {number} */ message) => {
    if (busy[lane] === 1) return wait(lane, message);
    busy[lane] = 1;
    start(now, lane, message);
  };
  let made = lanes;
  let events = 0;
  let done = 0;
  let total = 0;
  for (let lane = 0; lane < lanes; lane++) push(exponential(), (ARRIVES << 28) | lane);
  while (pop()) {
    const now = times[1];
    const code = codes[1];
    const what = code & 0xfffffff;
    events++;
    switch (code >> 28) {
      case ARRIVES: {
        if (made++ < messages) push(now + exponential(), code);
        const message = free[--slots.free];
        born[message] = now;
        tries[message] = 0;
        laneOf[message] = what;
        enter(now, what, message);
        break;
      }
      case SERVED: {
        const message = inHand[what];
        if (heads[what] === ends[what]) busy[what] = 0;
        else start(now, what, shift(what));
        if (uniform() < 0.1) {
          if (++tries[message] < 5) {
            push(now + 0.1 * (1 << (tries[message] - 1)) * (0.5 + uniform()), (RETRIES << 28) | message);
            break;
          }
        } else {
          total += now - born[message];
          done++;
        }
        free[slots.free++] = message;
        break;
      }
      default:
        enter(now, laneOf[what], what);
    }
  }
  return { events, mean: total / done };
}

/** @type {Record<string, (messages: number) => { events: number; mean: number }>} */
const MODELS = {
  mm1: (messages) => stations(1, 1, 0.8, messages),
  mm4: (messages) => stations(1, 4, 3.2, messages),
  tandem: (messages) => stations(3, 1, 0.8, messages),
  pipe: (messages) => pipe(500, messages),
};

const [name, count] = process.argv.slice(2);
clear();
MODELS[name](Number(count) / 10);
clear();
const from = performance.now();
const outcome = MODELS[name](Number(count));
const seconds = (performance.now() - from) / 1000;
console.log(JSON.stringify({ ...outcome, seconds }));
