import { SKIPPED } from '../../kinds/consumer-group/watched-work.ts';
import { WORKER } from '../../kinds/consumer-group/workers.ts';
import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindDefinition, kindIndex } from '../../kinds/registry.ts';
import { hold, isCalled, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const QUEUE = kindIndex('queue');
const CLOUD = kindIndex('cloud-broker');
const GROUP = kindIndex('consumer-group');
const DATABASE = kindIndex('database');
const SERVICE = kindIndex('service');
const OUT_PORT = kindDefinition('consumer-group')!.ports.findIndex(({ id }) => id === 'out');
/** The event that ends a service: the first one of a group, and the only one of a database. */
const SERVED = 0;

/** Number and sum of whole microseconds. */
interface Sum {
  count: number;
  micros: number;
}

/**
 * Times of single messages, taken with a stopwatch of its own: how long each waited for its first try, was served,
 * and was at a node in all. The figures of the nodes must be made of exactly these.
 */
export class TimesLaw implements Law {
  private readonly scene: Scene;
  private readonly waits: Sum[];
  private readonly services: Sum[];
  private readonly stays: Sum[];
  /** When each message came into the channel from which it is taken. */
  private readonly cameAt = new Map<number, number>();
  /** The same for a message that is being offered, in case it is refused. */
  private readonly cameBefore = new Map<number, number>();
  private readonly logTimes = new Map<string, number[]>();
  private readonly bornAt = new Map<number, number>();
  /** When the message that each worker has came into its channel, and how long the try at it takes. */
  private readonly workerCame = new Map<number, number>();
  private readonly serviceOf = new Map<number, number>();
  /** When each try or call began, by the code and argument of the event that ends it. */
  private readonly beganAt = new Map<string, number>();
  private measuredFrom: number;

  constructor(scene: Scene) {
    const sums = (): Sum[] => Array.from(scene.kindOf, () => ({ count: 0, micros: 0 }));
    this.scene = scene;
    this.waits = sums();
    this.services = sums();
    this.stays = sums();
    this.measuredFrom = scene.sim.metrics.measuredFrom;
  }

  reaching(edge: number, message: number): void {
    const { sim, kindOf } = this.scene;
    if (![QUEUE, CLOUD].includes(kindOf[sim.plan.edgeTo[edge]])) return;
    this.cameBefore.set(message, this.cameAt.get(message) ?? NaN);
    this.cameAt.set(message, sim.now);
  }

  /** A message that is refused and then lost by its sender goes back to where it came from, with its old time. */
  reached(_edge: number, message: number, accepted: boolean): void {
    const before = this.cameBefore.get(message);
    this.cameBefore.delete(message);
    if (!accepted && before !== undefined) this.cameAt.set(message, before);
  }

  /** What a managed broker hands out is a copy, which came when the message did. */
  copied(original: number, copy: number): void {
    this.cameAt.set(copy, this.cameAt.get(original) ?? NaN);
  }

  taken(edge: number, lane: number, message: number): void {
    const node = this.scene.sim.plan.edgeFrom[edge];
    if (message < 0 || this.scene.kindOf[node] !== TOPIC) return;
    const position = this.scene.kinds.topics.position(edge, lane) - 1;
    this.cameAt.set(message, this.logTimes.get(`${node}/${lane}`)?.[position] ?? NaN);
  }

  scheduled(_handle: number, _time: number, _priority: number, code: number, arg: number): void {
    if (this.isService(code)) this.beganAt.set(`${code}/${arg}`, this.scene.sim.now);
  }

  traced(step: TracedStep): void {
    const { at, code, node, a: serial, b } = step;
    const kind = this.scene.kindOf[node];
    if (code === TRACE.produced) this.bornAt.set(serial, at);
    if ((code === TRACE.entered || code === TRACE.marked) && kind === TOPIC) {
      const place = `${node}/${b}`;
      if (!this.logTimes.has(place)) this.logTimes.set(place, []);
      this.logTimes.get(place)!.push(at);
    }
    if (code === TRACE.cutOff) this.logTimes.get(`${node}/${serial}`)?.splice(b);
    if (kind !== GROUP) return;
    if (code === TRACE.started) this.started(step);
    if (code === TRACE.acknowledged) this.acknowledged(step);
  }

  popped(): void {
    this.startAnew();
    const { time, code, arg } = this.scene.sim.queue;
    if (!this.isService(code)) return;
    const micros = time - this.beganAt.get(`${code}/${arg}`)!;
    add(this.services[nodeOfEvent(code)], micros);
    if (this.scene.kindOf[nodeOfEvent(code)] === DATABASE) add(this.stays[nodeOfEvent(code)], micros);
  }

  afterEvent(): void {
    this.startAnew();
    const { sim, kindOf } = this.scene;
    const { metrics } = sim;
    for (let node = 0; node < kindOf.length; node++) {
      if (kindOf[node] !== GROUP && !isCalled(kindOf[node])) continue;
      const { count, micros } = this.services[node];
      const [sum, number] = [metrics.of(node, METRIC.serviceSum), metrics.of(node, METRIC.serviceCount)];
      hold(number === count && sum === micros, 'I27: service', node, [number, sum], [count, micros]);
      // Calls that wait inside a service are timed by its own law.
      if (kindOf[node] === SERVICE) continue;
      this.checkHistogram('I27: waits', metrics.waitHistogram(node), this.waits[node]);
      if (!this.forwards(node))
        this.checkHistogram('I27: stays', metrics.latencyHistogram(node), this.stays[node]);
    }
  }

  private started({ at, node, a: serial, b: worker }: TracedStep): void {
    const { sim, kinds } = this.scene;
    const message = kinds.consumers.workers.of(worker, WORKER.message);
    const came = this.cameAt.get(message) ?? NaN;
    hold(at >= (this.bornAt.get(serial) ?? 0), 'I28: worked on before it was born', node, serial, at);
    this.workerCame.set(worker, came);
    this.serviceOf.set(worker, kinds.consumers.workers.serviceTime(worker));
    if (sim.messages.attempts[message] === 1) add(this.waits[node], at - came);
  }

  private acknowledged({ at, node, a: serial, b: worker, c }: TracedStep): void {
    if (c === SKIPPED) return;
    const least = (this.bornAt.get(serial) ?? 0) + (this.serviceOf.get(worker) ?? NaN);
    hold(at >= least, 'I28: done sooner than its work takes', node, serial, at, least);
    add(this.stays[node], at - (this.workerCame.get(worker) ?? NaN));
  }

  private checkHistogram(sentence: string, index: number, { count, micros }: Sum): void {
    const { histograms } = this.scene.sim.metrics;
    const found = histograms.count(index);
    hold(found === count, sentence, index, found, count);
    if (count > 0)
      hold(histograms.mean(index) === micros / count, sentence, histograms.mean(index), micros, count);
  }

  /** Forgets what was measured when the warm-up has ended. */
  private startAnew(): void {
    const { measuredFrom } = this.scene.sim.metrics;
    if (measuredFrom === this.measuredFrom) return;
    this.measuredFrom = measuredFrom;
    for (const sum of [...this.waits, ...this.services, ...this.stays])
      Object.assign(sum, { count: 0, micros: 0 });
  }

  private isService(code: number): boolean {
    const kind = this.scene.kindOf[nodeOfEvent(code)];
    return (kind === GROUP || isCalled(kind)) && typeOfEvent(code) === SERVED;
  }

  /** Whether messages go on from a group, so that it is not their end. */
  private forwards(node: number): boolean {
    const { outEdges, outStart, edgePort, edgeTo } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.some((edge) => edgePort[edge] === OUT_PORT && !isCalled(this.scene.kindOf[edgeTo[edge]]));
  }
}

function add(sum: Sum, micros: number): void {
  sum.count++;
  sum.micros += micros;
}
