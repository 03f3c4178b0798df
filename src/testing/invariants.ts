import { METRIC } from '../engine/metrics.ts';
import { NO_MESSAGE } from '../engine/messages.ts';
import type { Simulation } from '../engine/simulation.ts';
import { MEMBER } from '../kinds/consumer-group/membership.ts';
import { WORKER, PHASE } from '../kinds/consumer-group/workers.ts';
import type { NodeGauge } from '../kinds/node-behavior.ts';
import { kindIndex } from '../kinds/registry.ts';
import type { RunKinds } from '../kinds/run-kinds.ts';
import { LINK_COUNT } from '../kinds/shared/links/troubles.ts';
import { hold, isCalled } from './laws/law.ts';
import { QueueLevels } from './laws/queue-levels.ts';
import { isResuming } from './laws/quota-law.ts';

const TOPIC = kindIndex('topic');
const QUEUE = kindIndex('queue');
const GROUP = kindIndex('consumer-group');
const DATABASE = kindIndex('database');
const SERVICE = kindIndex('service');
const CLOUD = kindIndex('cloud-broker');
const DEAD_LETTERS = kindIndex('dead-letter-queue');
const EXCHANGE = kindIndex('exchange');
/** Their books are in `checkCloud` and the like, or in a law of their own. */
const HAS_OWN_BOOKS = [TOPIC, EXCHANGE, CLOUD, kindIndex('event-router')];
const NEVER_NEGATIVE = [
  ...(['in', 'out', 'acknowledged', 'deadLettered', 'dropped', 'expired', 'attempts', 'failures'] as const),
  ...(['retries', 'duplicates', 'queued', 'busy'] as const),
] as const;
const IDLE_STATES = [MEMBER.stopped, MEMBER.crashed, MEMBER.removed, MEMBER['standing-by'], MEMBER.joining];

/**
 * Checks what must hold between any two events of a run, by walking its state and never by trusting its counters.
 * Keeps what it saw before, for what may not fall.
 */
export class Invariants {
  private readonly sim: Simulation;
  private readonly kinds: RunKinds;
  private readonly committed = new Map<string, number>();
  private readonly logStart = new Map<string, number>();
  /** Most servers that a node has had. */
  private readonly servers = new Map<number, number>();
  /** How full queues may be; told of deeds from outside as well. */
  readonly levels: QueueLevels;
  private readonly gauge = {} as NodeGauge;
  private now = 0;

  constructor(sim: Simulation, kinds: RunKinds) {
    this.sim = sim;
    this.kinds = kinds;
    this.levels = new QueueLevels(sim, kinds);
  }

  /** Throws a sentence about the first invariant that does not hold. */
  check(): void {
    const { sim } = this;
    hold(sim.now >= this.now, 'I25: the clock goes back', this.now, sim.now);
    this.now = sim.now;
    this.checkConservation();
    const { kindOf, nodeCount } = sim.plan;
    for (let node = 0; node < nodeCount; node++) {
      this.checkFigures(node);
      if (kindOf[node] === QUEUE) this.checkQueue(node);
      else if (kindOf[node] === TOPIC) this.checkTopic(node);
      else if (kindOf[node] === GROUP) this.checkGroup(node);
      else if (kindOf[node] === DATABASE) this.checkDatabase(node);
      else if (kindOf[node] === EXCHANGE) this.checkExchange(node);
      else if (kindOf[node] === SERVICE) this.checkService(node);
      else if (kindOf[node] === CLOUD) this.checkCloud(node);
    }
    this.levels.note();
  }

  /** I2, I5: nothing appears from nowhere or vanishes, and no slot leaks. */
  private checkConservation(): void {
    const { sim, kinds } = this;
    const { metrics, plan } = sim;
    // What is under way on an edge is at neither end.
    let held = kinds.links.held();
    let slots = held;
    let ended = 0;
    for (let node = 0; node < plan.nodeCount; node++) {
      const here = kinds.held(sim, node);
      held += here;
      const isCloud = plan.kindOf[node] === CLOUD;
      const stored = isCloud ? kinds.clouds.stored(sim, node) : here;
      slots += plan.kindOf[node] === TOPIC ? kinds.topics.records(node) : stored;
      slots += kinds.deadLetters.stored(sim, node) + (kinds.producers.clients?.spares(sim, node) ?? 0);
      slots += kinds.consumers.connections.spares(node);
      ended += metrics.of(node, METRIC.acknowledged) + metrics.of(node, METRIC.deadLettered);
      ended += metrics.of(node, METRIC.dropped) + metrics.of(node, METRIC.expired);
    }
    hold(metrics.produced + metrics.copied === ended + held, 'I5: the books do not balance', {
      produced: metrics.produced,
      copied: metrics.copied,
      ended,
      held,
    });
    hold(sim.messages.alive === slots, 'I5: slots in use are not those held', sim.messages.alive, slots);
  }

  private checkFigures(node: number): void {
    const { sim, kinds, gauge } = this;
    const { metrics } = sim;
    for (const figure of NEVER_NEGATIVE) {
      hold(
        metrics.of(node, METRIC[figure]) >= 0,
        `I10: ${figure} of node ${node} is negative`,
        metrics.of(node, METRIC[figure]),
      );
    }
    kinds.gauge(sim, node, gauge);
    hold(gauge.busy <= gauge.servers, `I10: node ${node} has too many busy`, gauge.busy, gauge.servers);
    hold(Number.isNaN(gauge.level) || (gauge.level >= 0 && gauge.level <= 1), 'I34: level', gauge.level);
    const span = sim.now - metrics.measuredFrom;
    const mean = metrics.busyMean(node, sim.now);
    const servers = Math.max(gauge.servers, this.servers.get(node) ?? 0);
    this.servers.set(node, servers);
    hold(span === 0 || mean <= servers + 1e-9, `I34: utilization of node ${node}`, mean);
    if (HAS_OWN_BOOKS.includes(sim.plan.kindOf[node])) return;
    if (sim.plan.kindOf[node] === DEAD_LETTERS) {
      const [came, ended] = [metrics.of(node, METRIC.in), metrics.of(node, METRIC.deadLettered)];
      hold(came === ended, `I3: dead letters of ${node}`, came, ended);
      return;
    }
    const ended =
      metrics.of(node, METRIC.dropped) +
      metrics.of(node, METRIC.expired) +
      metrics.of(node, METRIC.deadLettered);
    const sum = metrics.of(node, METRIC.out) + kinds.held(sim, node) - this.copiesOffered(node) + ended;
    hold(
      isCalled(sim.plan.kindOf[node]) || metrics.of(node, METRIC.in) === sum,
      `I3: node ${node}`,
      metrics.of(node, METRIC.in),
      sum,
    );
  }

  private checkQueue(node: number): void {
    const { sim, kinds, gauge } = this;
    kinds.gauge(sim, node, gauge);
    hold(gauge.amount === sim.metrics.of(node, METRIC.queued), `I5: length of queue ${node}`, gauge.amount);
    hold(kinds.queues.unsettled(node) >= 0, 'I14: settled more than was delivered', node);
    let workers = 0;
    for (const edge of this.edgesFrom(node)) {
      const group = sim.plan.edgeTo[edge];
      if (sim.plan.kindOf[group] !== GROUP) continue;
      const { prefetch } = kinds.consumers;
      workers += prefetch?.has(group) ? Infinity : kinds.consumers.workerCount(group);
      const hasRoom = prefetch?.has(group) === true && prefetch.hasRoom(group, edge);
      // What is there may not have come through the network yet.
      if (kinds.links.isGated(sim, edge)) continue;
      hold(gauge.amount === 0 || !hasRoom, 'I46: waits beside a consumer with room', node, group);
      hold(gauge.amount === 0 || !this.hasOpenMember(group), 'I46: waits beside a free worker', node, group);
    }
    // What dying workers give back may find the queue full, and a capacity that was lowered is reached by draining.
    const most = this.levels.mostIn(node, gauge.limit) + workers;
    hold(gauge.limit === 0 || gauge.amount <= most, 'I10: capacity', node, gauge.amount);
    const settled = sim.queue.peekTime() > sim.now;
    const waits = sim.transfers.waiters.count[node] > 0;
    const hasRoom = gauge.amount < gauge.limit && kinds.held(sim, node) < gauge.limit;
    // Of limits in bytes the law of the broker says more.
    const canEvict = hasRoom && kinds.queues.limits.bytes(node) === null;
    hold(!settled || !waits || !canEvict, 'I46: a sender waits for a queue with room', node);
  }

  private checkTopic(node: number): void {
    const { sim, kinds } = this;
    const { topics, groups } = kinds;
    let unread = 0;
    for (let lane = 0; lane < topics.partitions(node); lane++) {
      const end = topics.logEnd(node, lane);
      this.mayNotFall(this.logStart, `start of ${node}/${lane}`, topics.logStart(node, lane));
      for (const edge of this.edgesFrom(node)) {
        const group = sim.plan.edgeTo[edge];
        const committed = topics.committed(edge, lane);
        const position = topics.position(edge, lane);
        if (!this.mayLose(node)) this.mayNotFall(this.committed, `commit of ${edge}/${lane}`, committed);
        hold(committed <= position && position <= end, 'I17: offsets', committed, position, end);
        hold(committed >= topics.logStart(node, lane), 'I17: commit before the log start', edge, lane);
        unread += end - position;
        const owner = groups.owner(group, edge, lane);
        hold(owner < groups.members(group), 'I18: an owner of another group', edge, lane);
        const { workers, rows } = kinds.consumers;
        const open = owner >= 0 && workers.isOpen(group, workers.firstMember[group] + owner);
        const polls = kinds.consumers.polls;
        const reader = workers.firstMember[group] + owner;
        const isPolled = polls?.isInBatch(group, reader) === true || polls?.isWaiting(reader) === true;
        const inBatch = owner >= 0 && isPolled;
        const stalled = position - committed >= 512 || rows.isGivenUp(rows.firstRow[edge] + lane) || inBatch;
        const hasAll =
          position >= topics.readableEnd(edge, node, lane) ||
          kinds.consumers.starts?.isStuck(sim, rows.firstRow[edge] + lane) === true;
        const mayResume = isResuming(kinds, edge, lane, sim.now) && sim.queue.peekTime() <= sim.now;
        const isLate = kinds.links.isGated(sim, edge) || mayResume;
        hold(hasAll || !open || stalled || isLate, 'I46: a record waits beside its free reader', edge, lane);
      }
    }
    hold(
      unread === sim.metrics.of(node, METRIC.queued),
      `I5: unread of topic ${node}`,
      unread,
      sim.metrics.of(node, METRIC.queued),
    );
  }

  private checkGroup(node: number): void {
    const { sim, kinds } = this;
    const { workers, membership, rebalance } = kinds.consumers;
    const first = workers.firstMember[node];
    let busy = 0;
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      const state = membership.stateOf[member];
      const atWork = this.busyWorkers(node, member);
      busy += atWork.length;
      hold(atWork.length === workers.busyOf[member], 'I5: busy workers', member, atWork);
      // Who has lost its last partition may still be at what was set aside for a retry, which is of none.
      const hasRecord = atWork.some((worker) => workers.of(worker, WORKER.row) >= 0);
      const isUp = !IDLE_STATES.includes(state) || (state === MEMBER['standing-by'] && !hasRecord);
      hold(atWork.length === 0 || isUp, 'I29: a member that is down works', member, state);
      const takes = membership.takes[member] === 1;
      hold(!workers.isOpen(node, member) || takes, 'I29: open though not reading', member);
    }
    hold(
      busy === sim.metrics.of(node, METRIC.busy),
      `I5: busy workers of group ${node}`,
      busy,
      sim.metrics.of(node, METRIC.busy),
    );
    const owned = new Int32Array(workers.totalMembers);
    for (const edge of this.edgesInto(node)) {
      const from = sim.plan.edgeFrom[edge];
      if (sim.plan.kindOf[from] !== TOPIC) continue;
      for (let lane = 0; lane < kinds.topics.partitions(from); lane++) {
        const owner = kinds.groups.owner(node, edge, lane);
        if (owner >= 0) owned[first + owner]++;
      }
    }
    this.checkReaders(node);
    for (let member = first; member < first + workers.memberCount[node]; member++) {
      hold(owned[member] === rebalance.partitionsOf[member], 'I18: partitions of a member', member);
    }
  }

  /** I18: of two members only the owner works on a partition; what others still have of it counts no more. */
  private checkReaders(node: number): void {
    const { workers, rows } = this.kinds.consumers;
    const first = workers.firstWorker[node];
    for (let worker = first; worker < first + this.kinds.consumers.workerCount(node); worker++) {
      const row = workers.of(worker, WORKER.row);
      const isCurrent = row >= 0 && workers.of(worker, WORKER.generation) === rows.generation[row];
      if (workers.of(worker, WORKER.phase) === PHASE.idle || !isCurrent) continue;
      const [member, owner] = [workers.of(worker, WORKER.member), rows.owner[row]];
      hold(member === owner, 'I18: two members read one partition', node, row, member, owner);
    }
  }

  private checkDatabase(node: number): void {
    const { sim, kinds, gauge } = this;
    kinds.gauge(sim, node, gauge);
    const calls = kinds.databases.callsInProgress(node);
    hold(calls === gauge.busy && calls === sim.metrics.of(node, METRIC.busy), 'I5: calls', calls, gauge.busy);
    hold(!gauge.down || calls === 0, 'I29: a stopped database answers', calls);
    const settled = sim.queue.peekTime() > sim.now;
    const waits = sim.transfers.waiters.count[node] > 0;
    const free = !gauge.down && calls < gauge.limit;
    hold(!settled || !waits || !free, 'I46: a caller waits beside a free connection', node);
    const came = sim.metrics.of(node, METRIC.in);
    const went = sim.metrics.of(node, METRIC.out);
    hold(came === went + calls, `I3: calls of ${node}`, came, went);
  }

  /** What came, was copied or came back is there, went on, or ended. */
  private checkCloud(node: number): void {
    const { sim, kinds } = this;
    const { metrics } = sim;
    const { clouds } = kinds;
    const { fanned, returned, withdrawn } = clouds.counts.all(node);
    const ended = metrics.of(node, METRIC.dropped) + metrics.of(node, METRIC.expired);
    const came = metrics.of(node, METRIC.in) + fanned + returned;
    const went = metrics.of(node, METRIC.out) + kinds.held(sim, node) + ended + withdrawn;
    hold(came === went, `I3: messages of the broker ${node}`, came, went);
    const ready = clouds.walkReady(node);
    hold(ready === metrics.of(node, METRIC.queued), `I5: ready messages of ${node}`, ready);
    for (const edge of this.edgesFrom(node)) {
      const group = sim.plan.edgeTo[edge];
      if (sim.plan.kindOf[group] !== GROUP || !clouds.mayDeliver(sim, edge)) continue;
      if (kinds.links.isGated(sim, edge)) continue;
      hold(!this.hasOpenMember(group), 'I46: waits beside a free worker', node, group);
    }
  }

  private checkService(node: number): void {
    const { sim, kinds, gauge } = this;
    const { services } = kinds;
    kinds.gauge(sim, node, gauge);
    const calls = services.callsInProgress(node);
    const waiting = services.inLine(node);
    hold(calls === gauge.busy && calls === sim.metrics.of(node, METRIC.busy), 'I5: calls', calls, gauge.busy);
    hold(waiting === sim.metrics.of(node, METRIC.queued), 'I5: line of a service', node, waiting);
    hold(!gauge.down || calls === 0, 'I29: a service that is down answers', calls);
    const free = !gauge.down && calls < gauge.limit;
    hold(!free || waiting === 0, 'I46: a call waits beside a free place', node);
    const came = sim.metrics.of(node, METRIC.in);
    const went = sim.metrics.of(node, METRIC.out);
    hold(came === went + calls + waiting + services.refusing(node), `I3: calls of ${node}`, came, went);
  }

  /** What came in came along an edge, what went out too, and what could not be routed never left. */
  private checkExchange(node: number): void {
    const { sim, kinds } = this;
    const { metrics, transfers } = sim;
    const passed = (edges: Int32Array) => edges.reduce((sum, edge) => sum + transfers.passed[edge], 0);
    hold(
      metrics.of(node, METRIC.in) === passed(this.edgesInto(node)) - this.missing(node),
      'I3: into an exchange',
      node,
      metrics.of(node, METRIC.in),
    );
    hold(
      metrics.of(node, METRIC.out) === passed(this.edgesFrom(node)),
      'I3: out of an exchange',
      node,
      metrics.of(node, METRIC.out),
    );
    const held = kinds.held(sim, node);
    hold(held <= 2, 'I10: an exchange holds more than a message and its copy', node, held);
    hold(
      kinds.exchanges.returnedBy(node) <= metrics.of(node, METRIC.dropped),
      'I3: more returned than unroutable',
      node,
    );
    const settled = sim.queue.peekTime() > sim.now;
    hold(!settled || held > 0 || transfers.waiters.count[node] === 0, 'I46: waits for a free exchange', node);
  }

  /** Messages that were sent to a node and have not come, less those that came twice. */
  private missing(node: number): number {
    const { links } = this.kinds;
    const { troubles } = links;
    return this.edgesInto(node).reduce((sum, edge) => {
      const lost = troubles.counted(edge, LINK_COUNT.lost);
      return sum + links.heldOn(edge) + lost - troubles.counted(edge, LINK_COUNT.duplicated);
    }, 0);
  }

  private hasOpenMember(group: number): boolean {
    const { workers } = this.kinds.consumers;
    const first = workers.firstMember[group];
    for (let member = first; member < first + workers.memberCount[group]; member++) {
      if (workers.isOpen(group, member)) return true;
    }
    return false;
  }

  private busyWorkers(node: number, member: number): number[] {
    const { workers } = this.kinds.consumers;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + (member - workers.firstMember[node]) * size;
    const all = Array.from({ length: size }, (_, local) => first + local);
    return all.filter((worker) => workers.of(worker, WORKER.phase) !== PHASE.idle);
  }

  /** Copies of fan-out that stand in line: held, but never taken in by the group. */
  private copiesOffered(node: number): number {
    const { sim, kinds } = this;
    if (sim.plan.kindOf[node] !== GROUP) return 0;
    const { workers } = kinds.consumers;
    let copies = 0;
    for (let i = 0; i < kinds.consumers.workerCount(node); i++) {
      const worker = workers.firstWorker[node] + i;
      if (
        workers.of(worker, WORKER.phase) !== PHASE.waiting ||
        workers.of(worker, WORKER.message) === NO_MESSAGE
      )
        continue;
      if (workers.of(worker, WORKER.offered) !== workers.of(worker, WORKER.message)) copies++;
    }
    return copies;
  }

  /** Whether an unclean election may take from a log what was committed, and the commits with it. */
  private mayLose(topic: number): boolean {
    const { table } = this.kinds.replication ?? {};
    return table !== undefined && table.settings[table.clusterOf[topic]]?.isUnclean === true;
  }

  private mayNotFall(seen: Map<string, number>, what: string, value: number): void {
    hold(value >= (seen.get(what) ?? 0), `I17: the ${what} falls`, seen.get(what), value);
    seen.set(what, value);
  }

  private edgesFrom(node: number): Int32Array {
    const { outEdges, outStart } = this.sim.plan;
    return outEdges.subarray(outStart[node], outStart[node + 1]);
  }

  private edgesInto(node: number): Int32Array {
    const { inEdges, inStart } = this.sim.plan;
    return inEdges.subarray(inStart[node], inStart[node + 1]);
  }
}
