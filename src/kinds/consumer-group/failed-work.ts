import { METRIC } from '../../engine/metrics.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { TRACE } from '../../engine/trace.ts';
import { DEATH, recordDeath } from '../shared/deaths.ts';
import { EDGE_ROLE, edgesByRole, type EdgeRows } from '../shared/edge-roles.ts';
import { GIVEN_BACK } from '../shared/given-back.ts';
import { choiceOf, numberOf, type NodeConfig } from '../shared/node-config.ts';
import type { RecentOutcomes } from '../shared/recent-outcomes.ts';
import { Backoff } from './backoff.ts';
import type { Connections } from './connections.ts';
import type { Guarantees } from './guarantees.ts';
import { RetryStages } from './retry-stages.ts';
import { afterFailure, reasonOf, RETRY_EVENT, RETRY_STATE } from './retry-states.ts';
import type { SettlingWork } from './watched-work.ts';
import { endUnseen } from './second-lives.ts';
import { CUT, LATE, PHASE, WORKER, WORKER_SHIFT, type Workers } from './workers.ts';

/** In `place` of a worker: the message goes to the dead letters. */
export const DEAD = -1;

const NONE = -1;
const RETRY_MODES = ['hold', 'later', 'topics'] as const;
/** What a failure that is tried again is to the machine, by retry mode. */
const WAITS = [
  RETRY_EVENT.FAILED_WAITS_HERE,
  RETRY_EVENT.FAILED_STEPS_ASIDE,
  RETRY_EVENT.FAILED_TO_RETRY_TOPIC,
] as const;
const ON_FAILURE = ['retry', 'nack', 'requeue', 'reject'] as const;
const RETRY = 0;
const NACK = 1;
const REJECT = 3;
/** Tries of a message that goes round and round are counted up to here. */
const MOST_TRIES = 254;
const TOPICS = 2;

/** The event types that end a wait, with the worker and without. */
interface RetryTimers {
  retryHere: number;
  retryLater: number;
}

/** What becomes of a message that a worker failed at: another try after a wait, or the dead letters. */
export class FailedWork {
  readonly backoff: Backoff;
  readonly stages: RetryStages;
  /** Messages that wait for a retry without a worker. */
  retryingLater = new Int32Array();
  maxAttempts = new Int32Array();
  /** Share of the failures that no further try can mend. */
  fatal = new Float64Array();
  private retryMode = new Uint8Array();
  /** What a member says to a queue whose message it failed at, as a place in `ON_FAILURE`. */
  private onFailure = new Uint8Array();
  private readonly deadEdges: EdgeRows;
  /** Of each edge, 1 if it comes from a queue, and 1 if that has dead letters of its own. */
  private readonly isFromQueue: Uint8Array;
  private readonly takesRejected: Uint8Array;
  private readonly work: SettlingWork;
  private readonly workers: Workers;
  private readonly outcomes: RecentOutcomes;
  private readonly guarantees: Guarantees;
  private readonly connections: Connections;
  private readonly timers: RetryTimers;

  constructor(
    sim: Simulation,
    groups: { configs: readonly NodeConfig[]; nodes: readonly number[]; role: Uint8Array },
    work: SettlingWork,
    parts: {
      workers: Workers;
      outcomes: RecentOutcomes;
      guarantees: Guarantees;
      connections: Connections;
    },
    timers: RetryTimers,
  ) {
    const { columns, plan } = sim;
    const { configs, nodes, role } = groups;
    this.work = work;
    this.workers = parts.workers;
    this.outcomes = parts.outcomes;
    this.guarantees = parts.guarantees;
    this.connections = parts.connections;
    this.timers = timers;
    this.deadEdges = edgesByRole(plan, role, 'out', [EDGE_ROLE.dead]);
    this.isFromQueue = Uint8Array.from(role, (each) => (each === EDGE_ROLE.deliveries ? 1 : 0));
    this.takesRejected = Uint8Array.from(this.isFromQueue, (isFromQueue, edge) => {
      const queue = plan.edgeFrom[edge];
      // A managed broker hears of everything that is given up, and sees to it itself.
      if (isFromQueue === 1 && configs[queue].kind === 'cloud-broker') return 1;
      return isFromQueue === 1 && this.deadEdges.start[queue] < this.deadEdges.start[queue + 1] ? 1 : 0;
    });
    this.backoff = new Backoff(columns, plan.nodeCount);
    for (const field of ['retryingLater', 'maxAttempts']) columns.i32(this, field, plan.nodeCount);
    columns.f64(this, 'fatal', plan.nodeCount);
    columns.u8(this, 'retryMode', plan.nodeCount);
    columns.u8(this, 'onFailure', plan.nodeCount);
    for (const node of nodes) {
      const config = configs[node];
      this.backoff.configure(node, config);
      this.maxAttempts[node] = numberOf(config, 'maxAttempts');
      this.fatal[node] = numberOf(config, 'fatalShare');
      this.retryMode[node] = choiceOf(config, 'retryMode', RETRY_MODES);
      this.onFailure[node] = choiceOf(config, 'onFailure', ON_FAILURE);
    }
    this.stages = new RetryStages(sim, configs, nodes);
  }

  /** A try has failed. */
  failed(sim: Simulation, node: number, worker: number): void {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const message = cells[at | WORKER.message];
    const attempts = sim.messages.attempts[message];
    sim.metrics.count(node, METRIC.failures);
    this.outcomes.note(node, false);
    // A message that came back for a retry has no edge, but had one when it failed first.
    const edge = cells[at | WORKER.edge];
    if (edge !== NONE) sim.messages.sayReadAlong(message, edge);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.failed, node, sim.messages.serial[message], worker, attempts);
    }
    const event = this.judge(sim, node, worker);
    const state = afterFailure(event);
    if (state === RETRY_STATE.dead) this.giveUp(sim, node, worker, reasonOf(event));
    else if (state === RETRY_STATE['handed-back']) this.handBack(sim, node, worker);
    else this.retry(sim, node, worker, state);
  }

  /** What a failed try is to the machine of its message. */
  private judge(sim: Simulation, node: number, worker: number): number {
    const message = this.workers.of(worker, WORKER.message);
    if ((sim.messages.flags[message] & MESSAGE_FLAG.unreadable) !== 0) return RETRY_EVENT.UNREADABLE;
    const says = this.onFailure[node];
    if (says !== RETRY && this.mayAnswer(worker)) {
      return says === REJECT ? RETRY_EVENT.REJECTED : RETRY_EVENT.FAILED_HANDED_BACK;
    }
    const attempts = sim.messages.attempts[message];
    if (attempts >= this.maxAttempts[node]) return RETRY_EVENT.NO_TRY_LEFT;
    const fatal = this.fatal[node];
    if (fatal > 0 && sim.random.uniform(sim.stream(node, PURPOSE.failure)) < fatal) return RETRY_EVENT.FATAL;
    return WAITS[this.retryMode[node]];
  }

  /** A wait for a retry without a worker is over. */
  waited(sim: Simulation, node: number, message: number): void {
    this.retryingLater[node]--;
    if (this.retryMode[node] === TOPICS) this.stages.leave(node, sim.messages.attempts[message]);
  }

  /** The dead-letter queue, or whatever else takes them, has the message. */
  deadLettered(sim: Simulation, node: number, worker: number): void {
    sim.metrics.count(node, METRIC.out);
    this.release(sim, node, worker);
  }

  /** The edge along which dead letters go. */
  deadEdge(node: number): number {
    return this.deadEdges.edges[this.deadEdges.start[node]];
  }

  private retry(sim: Simulation, node: number, worker: number, state: number): void {
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const message = cells[at | WORKER.message];
    const attempts = sim.messages.attempts[message];
    sim.metrics.count(node, METRIC.retries);
    if (sim.trace.messages) {
      sim.trace.add(sim.now, TRACE.retried, node, sim.messages.serial[message], worker, attempts);
    }
    const delay =
      state === RETRY_STATE['in-retry-topic']
        ? this.stages.enter(node, attempts)
        : this.backoff.delay(sim, node, attempts, message);
    if (state === RETRY_STATE['backing-off']) {
      cells[at | WORKER.phase] = PHASE.backingOff;
      cells[at | WORKER.handle] = sim.after(delay, node, this.timers.retryHere, worker);
      return;
    }
    this.retryingLater[node]++;
    sim.after(delay, node, this.timers.retryLater, message);
    this.release(sim, node, worker);
  }

  /** No try is left: to the dead letters, or nowhere. */
  private giveUp(sim: Simulation, node: number, worker: number, reason: number): void {
    const { messages, metrics, trace } = sim;
    const { cells } = this.workers;
    const at = worker << WORKER_SHIFT;
    const message = cells[at | WORKER.message];
    const from = cells[at | WORKER.edge];
    const hasOwn = this.deadEdges.start[node] < this.deadEdges.start[node + 1];
    const isUnsettled = this.mayAnswer(worker);
    const isLate = cells[at | WORKER.row] === LATE;
    if (!hasOwn && isUnsettled && (isLate || this.takesRejected[from] === 1)) {
      this.reject(sim, node, worker, message);
      return;
    }
    if (messages.deaths.length > 0 && from !== NONE && this.isFromQueue[from] === 1) {
      recordDeath(messages, message, sim.transfers.from[from], DEATH.rejected);
      messages.flags[message] |= MESSAGE_FLAG.dying;
    } else {
      messages.flags[message] &= ~MESSAGE_FLAG.dying;
    }
    if (!hasOwn) {
      metrics.count(node, METRIC.dropped);
      if (trace.messages) trace.add(sim.now, TRACE.dropped, node, messages.serial[message], worker, 0);
      if (this.guarantees.of[node] !== 0) {
        this.guarantees.lost(sim, node, messages.serial[message], messages.key[message]);
      }
      messages.free(message);
      this.release(sim, node, worker);
      return;
    }
    messages.sayFailed(message, reason, messages.attempts[message]);
    messages.attempts[message] = 0;
    messages.flags[message] &= ~MESSAGE_FLAG.redelivered;
    cells[at | WORKER.place] = DEAD;
    cells[at | WORKER.offered] = message;
    cells[at | WORKER.phase] = PHASE.waiting;
    this.work.transactions?.writes(sim, node, cells[at | WORKER.member], this.deadEdge(node), message);
    if (sim.send(this.deadEdge(node), message, this.workers.tag(node, worker))) {
      this.deadLettered(sim, node, worker);
    }
  }

  /** Whether the queue of a message is still to hear of it: it has no acknowledgement yet. */
  private mayAnswer(worker: number): boolean {
    const row = this.workers.of(worker, WORKER.row);
    return row === LATE || row === CUT || (this.workers.of(worker, WORKER.edge) !== NONE && row === NONE);
  }

  /** The queue hears of the failure at once, and delivers the message again. */
  private handBack(sim: Simulation, node: number, worker: number): void {
    const { messages } = sim;
    const message = this.workers.of(worker, WORKER.message);
    messages.attempts[message] = Math.min(messages.attempts[message], MOST_TRIES);
    this.answer(sim, node, worker, this.onFailure[node] === NACK ? GIVEN_BACK.released : GIVEN_BACK.failed);
  }

  /** Back to the queue that it is from, which has dead letters of its own. */
  private reject(sim: Simulation, node: number, worker: number, message: number): void {
    sim.messages.flags[message] |= MESSAGE_FLAG.rejected;
    this.answer(sim, node, worker, GIVEN_BACK.failed);
  }

  /** A queue hears that a message was not done; one that has taken it back takes no answer. */
  private answer(sim: Simulation, node: number, worker: number, way: number): void {
    const message = this.workers.of(worker, WORKER.message);
    const row = this.workers.of(worker, WORKER.row);
    if (row === LATE) {
      endUnseen(sim, node, message);
    } else if (row === CUT) {
      this.connections.givesBack(sim, worker, way);
    } else {
      sim.metrics.count(node, METRIC.out);
      sim.giveBack(this.workers.of(worker, WORKER.edge), way, message);
    }
    this.work.next(sim, node, worker);
  }

  private release(sim: Simulation, node: number, worker: number): void {
    this.work.settle(sim, node, worker, true);
    this.work.next(sim, node, worker);
  }
}
