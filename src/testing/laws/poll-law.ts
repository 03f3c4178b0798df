import { NO_MESSAGE } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { causeOf, MEMBER } from '../../kinds/consumer-group/membership.ts';
import { PHASE, WORKER } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { MACHINE } from '../../kinds/shared/machine-rows.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');

/**
 * Groups that poll in batches: a member polls only when all that its last poll returned is done, has never more than
 * a poll may return, and commits within polls alone, by itself not sooner than its interval says.
 */
export class PollLaw implements Law {
  private readonly scene: Scene;
  /** When each member took records last, and when it last committed by itself. */
  private readonly takenAt = new Map<number, number>();
  private readonly committedAt = new Map<number, number>();
  /** Members, by node and number, that hung when the group struck them off. */
  private readonly hung = new Set<string>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  beforeTake(edge: number, lane: number): void {
    const member = this.memberOf(edge, lane);
    if (member === null) return;
    const { sim, kinds } = this.scene;
    if (this.takenAt.get(member) === sim.now) return;
    const busy = kinds.consumers.workers.busyOf[member];
    hold(busy <= 1, 'I11: polls while records of the last poll are in work', member, busy);
    this.takenAt.set(member, sim.now);
  }

  settled(edge: number, lane: number): void {
    const member = this.memberOf(edge, lane);
    if (member === null) return;
    const { sim, fields, kinds } = this.scene;
    const group = sim.plan.edgeTo[edge];
    const { commit, guarantee, commitInterval } = fields[group];
    if (commit === 'each' || guarantee === 'at-most-once') return;
    const { polls, rows, membership, workers } = kinds.consumers;
    // A member commits before it joins again, and what it lets go of.
    if (rows.isGivenUp(rows.firstRow[edge] + lane)) return;
    if (membership.stateOf[member] === MEMBER['finishing-work']) return;
    // close() commits, too, when all that the last poll returned is done.
    if (membership.stateOf[member] === MEMBER.leaving) {
      const left = workers.busyOf[member] + polls!.bufferedBy(member);
      hold(left === 0, 'I32: commits and leaves with records in hand', group, member, left);
      return;
    }
    hold(workers.busyOf[member] <= 1, 'I32: commits outside of a poll', group, member);
    if (commit !== 'interval') return;
    const before = this.committedAt.get(member) ?? -Infinity;
    const isDue = before === sim.now || sim.now - before >= Math.round(Number(commitInterval) * 1000);
    hold(isDue, 'I32: commits before its interval is over', group, member, before, sim.now);
    this.committedAt.set(member, sim.now);
  }

  /** Who pauses asks for nothing, and is out of the group for no poll unless it hangs. */
  taken(edge: number, lane: number, message: number): void {
    const { sim, kindOf, kinds } = this.scene;
    if (message === NO_MESSAGE || kindOf[sim.plan.edgeFrom[edge]] !== TOPIC) return;
    const { rows, membership } = kinds.consumers;
    const owner = rows.owner[rows.firstRow[edge] + lane];
    const isPaused = owner >= 0 && membership.stateOf[owner] === MEMBER.paused;
    hold(!isPaused, 'I11: takes of a partition that it has paused', edge, lane, owner);
  }

  traced({ code, node, a: machine, b: state, c }: TracedStep): void {
    if (code !== TRACE.machine || this.scene.kindOf[node] !== GROUP) return;
    const pauses = this.scene.fields[node].pileUp === 'pause';
    if (machine === MACHINE.member) {
      hold(state !== MEMBER.paused || pauses, 'I11: pauses where it shall block', node, c);
      if (state === MEMBER['struck-off']) this.hung.add(`${node}/${c}`);
      else if (state !== MEMBER.expelled) this.hung.delete(`${node}/${c}`);
    }
    const why = machine === MACHINE.coordinator ? causeOf(c) : null;
    if (why?.cause !== 'overdue' || !pauses) return;
    hold(this.hung.has(`${node}/${why.member}`), 'I32: pauses, and leaves for not polling', node, why.member);
  }

  afterEvent(thorough: boolean): void {
    if (!thorough) return;
    const { kindOf, fields, kinds } = this.scene;
    const { polls, workers } = kinds.consumers;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] === GROUP) this.checkClocks(node);
      if (kindOf[node] !== GROUP || !polls?.isBatched(node)) continue;
      const most = Number(fields[node].maxPollRecords);
      for (let local = 0; local < workers.memberCount[node]; local++) {
        const member = workers.firstMember[node] + local;
        const records = polls.bufferedBy(member) + this.inWork(node, local);
        hold(records <= most, 'I10: more records than a poll returns', node, member, records, most);
      }
    }
  }

  /** A wrong clock makes a lag in seconds wrong by no more than itself, and one that is right by nothing. */
  private checkClocks(node: number): void {
    const { sim, kinds } = this.scene;
    const { workers, faults } = kinds.consumers;
    const first = workers.firstMember[node];
    const offs = faults.clockOff.subarray(first, first + workers.memberCount[node]);
    const isWrong = offs.some((off) => off !== 0);
    hold(faults.hasWrongClock(node) === isWrong, 'I5: members with a wrong clock', node, isWrong);
    const age = kinds.lags.age(sim, node);
    const read = kinds.lags.ageByClocks(sim, node, age);
    const isRight = read <= age + Math.max(0, ...offs) && read >= age + Math.min(0, ...offs);
    hold(isRight, 'I27: a lag in seconds as it is read', node, age, read);
  }

  /** Records of topics that workers of a member have in hand and that are not committed. */
  private inWork(node: number, local: number): number {
    const { workers } = this.scene.kinds.consumers;
    const size = workers.concurrency[node];
    const first = workers.firstWorker[node] + local * size;
    let count = 0;
    for (let worker = first; worker < first + size; worker++) {
      const isBusy = workers.of(worker, WORKER.phase) !== PHASE.idle;
      if (isBusy && workers.of(worker, WORKER.row) >= 0) count++;
    }
    return count;
  }

  /** The member of a group that polls in batches which reads a partition; null for none. */
  private memberOf(edge: number, lane: number): number | null {
    const { sim, kindOf, kinds } = this.scene;
    const { polls, rows } = kinds.consumers;
    const group = sim.plan.edgeTo[edge];
    if (kindOf[sim.plan.edgeFrom[edge]] !== TOPIC || !polls?.isBatched(group)) return null;
    const owner = rows.owner[rows.firstRow[edge] + lane];
    return owner < 0 ? null : owner;
  }
}
