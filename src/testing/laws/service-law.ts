import { METRIC } from '../../engine/metrics.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { ANSWER } from '../../kinds/service/behavior.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene } from './law.ts';

const SERVICE = kindIndex('service');
const SERVED = 0;
const REFUSED = 1;

/** What a service let in: when each call under its rate limit came, and how many began. */
interface Tally {
  starts: number[];
  served: number;
}

/**
 * External services: no more calls at once than places, refusals only by a rule that the service
 * has, each of them told after exactly the time that refusals take, and no more starts in a period than its rate limit.
 */
export class ServiceLaw implements Law {
  private readonly scene: Scene;
  private readonly tallies = new Map<number, Tally>();
  /** Most that each service was allowed at once, and in its line, since live edits take no call away. */
  private readonly most = new Map<number, { busy: number; line: number }>();
  private limitedBefore = 0;
  private overloadedBefore = 0;

  constructor(scene: Scene) {
    this.scene = scene;
    scene.kindOf.forEach((kind, node) => {
      if (kind !== SERVICE) return;
      this.tallies.set(node, { starts: [], served: 0 });
      this.most.set(node, { busy: 0, line: 0 });
    });
  }

  reaching(edge: number): void {
    const node = this.scene.sim.plan.edgeTo[edge];
    if (!this.tallies.has(node)) return;
    const { services } = this.scene.kinds;
    this.limitedBefore = services.answered(node, ANSWER.rateLimited);
    this.overloadedBefore = services.answered(node, ANSWER.overloaded);
  }

  reached(edge: number, _message: number, accepted: boolean): void {
    const { sim, kinds, fields } = this.scene;
    const node = sim.plan.edgeTo[edge];
    if (!this.tallies.has(node)) return;
    hold(accepted, 'I46: a service holds a caller back', node);
    const { rateLimit, ratePermits, ratePeriod, concurrency, queueLimit } = fields[node];
    if (kinds.services.answered(node, ANSWER.overloaded) > this.overloadedBefore) {
      const isFull = sim.metrics.of(node, METRIC.busy) >= Number(concurrency);
      const hasLine = sim.metrics.of(node, METRIC.queued) >= Number(queueLimit);
      hold(isFull && hasLine, 'I6: refused with 503 though there is room', node);
    }
    if (kinds.services.answered(node, ANSWER.rateLimited) === this.limitedBefore) {
      if (rateLimit === 'off' || kinds.services.isDown(node)) return;
      this.checkRate(node, Number(ratePermits), Number(ratePeriod) * 1000);
      return;
    }
    hold(rateLimit !== 'off', 'I6: refused with 429 without a limit', node);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number): void {
    const node = nodeOfEvent(code);
    const tally = this.tallies.get(node);
    if (!tally) return;
    const { sim, fields } = this.scene;
    if (typeOfEvent(code) === REFUSED) {
      const took = time - sim.now;
      const asked = Math.round(Number(fields[node].refusalTime) * 1000);
      hold(took === asked, 'I32: a refusal takes another time', node, took, asked);
    }
    if (typeOfEvent(code) === SERVED) tally.served++;
  }

  afterEvent(): void {
    const { sim, kinds, fields } = this.scene;
    for (const [node, tally] of this.tallies) {
      const most = this.most.get(node)!;
      const busy = sim.metrics.of(node, METRIC.busy);
      const line = sim.metrics.of(node, METRIC.queued);
      const isSilent = kinds.services.isDown(node);
      hold(busy <= Math.max(most.busy, Number(fields[node].concurrency)), 'I10: calls at once', node, busy);
      const mayWait = Math.max(most.line, Number(fields[node].queueLimit));
      hold(isSilent || line <= mayWait, 'I10: calls in line', node, line, mayWait);
      Object.assign(most, { busy, line });
      const failures = sim.metrics.of(node, METRIC.failures);
      const told = [ANSWER.error, ANSWER.rateLimited, ANSWER.overloaded, ANSWER.unavailable]
        .map((how) => kinds.services.answered(node, how))
        .reduce((sum, count) => sum + count);
      hold(
        failures + kinds.services.refusing(node) === told,
        'I6: failures of a service',
        node,
        failures,
        told,
      );
      const started = sim.metrics.histograms.count(sim.metrics.waitHistogram(node));
      hold(
        sim.metrics.measuredFrom > 0 || started === tally.served,
        'I27: starts',
        node,
        started,
        tally.served,
      );
    }
  }

  /** Calls let through: in a fixed period by the clock, or as a bucket that was full and fills evenly allows. */
  private checkRate(node: number, permits: number, period: number): void {
    const { sim, fields } = this.scene;
    const { starts } = this.tallies.get(node)!;
    starts.push(sim.now);
    if (fields[node].rateLimit === 'cycles') {
      const cycle = Math.floor(sim.now / period);
      let count = 0;
      for (let at = starts.length - 1; at >= 0 && Math.floor(starts[at] / period) === cycle; at--) count++;
      hold(count <= permits, 'I10: more calls than a period allows', node, count, permits);
      return;
    }
    for (let at = starts.length - 1, count = 1; at >= 0 && count <= 4 * permits + 1; at--, count++) {
      const allowed = permits + ((sim.now - starts[at]) * permits) / period;
      hold(count <= allowed + 1e-9, 'I10: more calls than its bucket has tokens', node, count, allowed);
    }
  }
}
