import { METRIC } from '../../engine/metrics.ts';
import { TRACE } from '../../engine/trace.ts';
import { CLIENT_TIMER } from '../../kinds/producer/client-timer.ts';
import type { KafkaClients } from '../../kinds/producer/kafka-clients.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, nodeOfEvent, typeOfEvent, type Law, type Scene, type TracedStep } from './law.ts';

const PRODUCER = kindIndex('producer');
const NONE = -1;

/**
 * Kafka clients: batches add up, memory and requests in flight keep to their limits, retries come at the declared
 * distances, nothing is unanswered for too long, and an idempotent client writes each message of a partition once and
 * in order, while whatever else is written twice is counted.
 */
export class ClientLaw implements Law {
  private readonly scene: Scene;
  private readonly clients: KafkaClients | null;
  /** Serial numbers written along each edge, and the last one of each of its partitions. */
  private readonly written = new Map<number, Set<number>>();
  private readonly lastOf = new Map<string, number>();
  /** What each edge and partition was written, where it lies. */
  private readonly logs = new Map<string, { offset: number; serial: number }[]>();
  private readonly repeated: Float64Array;
  /** Of the message on offer, which a topic that nobody reads frees at once. */
  private serial = NONE;

  constructor(scene: Scene) {
    this.scene = scene;
    this.clients = scene.kinds.producers.clients;
    this.repeated = new Float64Array(scene.kindOf.length);
  }

  scheduled(_handle: number, time: number, _priority: number, code: number, arg: number): void {
    const node = nodeOfEvent(code);
    if (!this.isClient(node) || typeOfEvent(code) !== CLIENT_TIMER.ready) return;
    const { batches } = this.clients!;
    const { linger, retryBackoff, retryBackoffMax } = this.scene.fields[node] as Record<string, number>;
    const delay = time - this.scene.sim.now;
    const tries = batches.tries[arg];
    if (tries === 0) {
      hold(delay === Math.round(linger * 1000), 'I15: linger', node, delay);
      return;
    }
    const most = Math.round(retryBackoffMax * 1000);
    const base = Math.min(most, Math.round(retryBackoff * 1000) * 2 ** (tries - 1));
    const isRight = delay >= Math.floor(base * 0.8) - 1 && delay <= Math.min(most, Math.ceil(base * 1.2)) + 1;
    hold(isRight, 'I15: back-off of a client', node, tries, delay, base);
  }

  beforeSend(_edge: number, message: number): void {
    this.serial = this.scene.sim.messages.serial[message];
  }

  sent(edge: number, message: number, tag: number): void {
    if (!this.clients?.rows.has(edge)) return;
    const { sim } = this.scene;
    const node = sim.plan.edgeFrom[edge];
    const { serial } = this;
    const known = this.written.get(edge) ?? new Set();
    this.written.set(edge, known);
    if (this.isIdempotent(node)) {
      const lane = `${edge}/${~tag}`;
      hold(!known.has(serial), 'I13: an idempotent client writes a message twice', edge, serial);
      const last = this.lastOf.get(lane) ?? NONE;
      hold(serial > last, 'I21: an idempotent client changes the order', lane, last, serial, message);
      this.lastOf.set(lane, serial);
    }
    if (known.has(serial)) this.repeated[node]++;
    known.add(serial);
    const log = this.logs.get(`${edge}/${~tag}`) ?? [];
    this.logs.set(`${edge}/${~tag}`, log);
    log.push({ offset: this.scene.kinds.logs.logEnd(sim.plan.edgeTo[edge], ~tag) - 1, serial });
  }

  /** A log that was cut off has no longer what was written there. */
  traced({ code, node, a: lane, b: from }: TracedStep): void {
    if (code !== TRACE.cutOff || !this.clients) return;
    const { inEdges, inStart } = this.scene.sim.plan;
    for (const edge of inEdges.subarray(inStart[node], inStart[node + 1])) {
      const place = `${edge}/${lane}`;
      const log = this.logs.get(place);
      if (!log) continue;
      const kept = log.filter(({ offset }) => offset < from);
      this.logs.set(place, kept);
      const left = new Set(kept.map(({ serial }) => serial));
      for (const { serial } of log) if (!left.has(serial)) this.written.get(edge)?.delete(serial);
      this.lastOf.set(place, kept.at(-1)?.serial ?? NONE);
    }
  }

  afterEvent(thorough: boolean): void {
    const { kindOf, sim } = this.scene;
    for (let node = 0; node < kindOf.length; node++) {
      if (!this.isClient(node)) continue;
      const duplicates = sim.metrics.of(node, METRIC.duplicates);
      hold(duplicates === this.repeated[node], 'I13: written twice', node, duplicates, this.repeated[node]);
      this.checkRequests(node);
      this.checkMemory(node);
      if (thorough) this.checkBatches(node);
    }
  }

  private checkRequests(node: number): void {
    const most = Number(this.scene.fields[node].maxInFlight);
    for (const edge of this.edgesOf(node)) {
      const { sender, clusterSender } = this.clients!;
      const found = (clusterSender?.connections.has(edge) ? clusterSender : sender).unansweredRequests(edge);
      hold(found >= 0 && found <= most, 'I10: requests in flight', node, edge, found, most);
    }
  }

  /** What is reserved is what the batches without an answer reserve; none of them is too old. */
  private checkMemory(node: number): void {
    const { batches } = this.clients!;
    const { bufferMemory, deliveryTimeout, linger, requestTimeout } = this.scene.fields[node];
    const longest = Math.max(Number(deliveryTimeout), Number(linger) + Number(requestTimeout));
    let reserved = 0;
    for (let batch = batches.oldest[node]; batch !== NONE; batch = batches.newer[batch]) {
      reserved += batches.reserved[batch];
      const age = this.scene.sim.now - batches.createdAt[batch];
      hold(age <= Math.round(longest * 1000), 'I32: a batch is older than the delivery timeout', node, age);
    }
    const says = this.clients!.reservedBytes(node);
    hold(says === reserved, 'I10: reserved memory', node, says, reserved);
    hold(reserved <= Number(bufferMemory), 'I10: more memory than there is', node, reserved);
  }

  private checkBatches(node: number): void {
    const { batches, sender, clusterSender, rows } = this.clients!;
    const mostTries = Number(this.scene.fields[node].retries) + 1;
    for (const edge of this.edgesOf(node)) {
      for (let row = rows.first[edge]; row < rows.end[edge]; row++) {
        let waiting = 0;
        for (let batch = batches.first[row]; batch !== NONE; batch = batches.next[batch]) {
          waiting++;
          this.checkBatch(batch, mostTries);
          hold(batches.next[batch] === NONE || batches.closed[batch] === 1, 'I8: two open batches', row);
        }
        hold(waiting === batches.waiting[row], 'I8: batches in line', row, waiting, batches.waiting[row]);
      }
      clusterSender?.connections.eachInRequest(edge, (batch) => this.checkBatch(batch, mostTries));
      const { requests } = sender;
      for (let request = requests.first[edge]; request !== NONE; request = requests.next[request]) {
        for (let batch = requests.batch[request]; batch !== NONE; batch = batches.next[batch]) {
          this.checkBatch(batch, mostTries);
        }
      }
    }
  }

  /** A batch has as many messages and bytes as it says, or none once they are in the log. */
  private checkBatch(batch: number, mostTries: number): void {
    const { batches } = this.clients!;
    const { next, sizeBytes } = this.scene.sim.messages;
    let count = 0;
    let bytes = 0;
    for (let message = batches.head[batch]; message >= 0; message = next[message]) {
      count++;
      bytes += sizeBytes[message];
    }
    // It is given up and comes after the end of its transaction: nobody takes it.
    const isFenced = batches.givenUp[batch] === 1 && batches.count[batch] === 0;
    const isGone = count === 0 && (batches.written[batch] === 1 || isFenced);
    const isWhole = count === batches.count[batch] && bytes === batches.bytes[batch] && count > 0;
    hold(isGone || isWhole, 'I8: messages of a batch', batch, count, batches.count[batch]);
    hold(bytes <= batches.reserved[batch], 'I10: a batch larger than its memory', batch, bytes);
    hold(batches.tries[batch] <= mostTries, 'I15: tries of a batch', batch, batches.tries[batch]);
  }

  private edgesOf(node: number): Int32Array {
    const { outEdges, outStart } = this.scene.sim.plan;
    const edges = outEdges.subarray(outStart[node], outStart[node + 1]);
    return edges.filter((edge) => this.clients!.rows.has(edge));
  }

  private isClient(node: number): boolean {
    return this.scene.kindOf[node] === PRODUCER && this.scene.fields[node].client === 'kafka';
  }

  /** Kafka's rule, as the documentation has it. */
  private isIdempotent(node: number): boolean {
    const { idempotence, acks, retries, maxInFlight } = this.scene.fields[node];
    return idempotence !== 'off' && acks === 'all' && Number(retries) > 0 && Number(maxInFlight) <= 5;
  }
}
