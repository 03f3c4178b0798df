import type { FieldDefinition } from '../../../design/fields.ts';
import type { DesignNode } from '../../../design/types.ts';
import type { KindDefinition } from '../../../kinds/kind.ts';
import { BADGE, NODE } from '../../../simulation/frame/frame-layout.ts';
import { clockTime, count, duration, percent, perSecond, plain, rate, trend } from '../../look/figures.ts';

/** The last line of a card: a figure, its unit right behind it, and a quiet note. */
export interface FigureLine {
  figure: string;
  unit: string;
  note: string;
  /** Headline figures are larger; dead letters have their own colour. */
  tone?: 'headline-dead';
  /** Which chart column its sparkline follows; none for an idle card. */
  spark: 'rate' | 'amount' | null;
}

/** What a card says of a publisher's connection, in the order of `CONNECTION_STATES`. */
const CONNECTION_NOTES: Readonly<Record<number, string>> = { 1: 'blocked by the broker', 2: 'in flow' };

/** Silence after which a card says since when it is idle, in simulated ms. */
const IDLE_AFTER_MS = 2000;

/** What a card's last line says while a run is on the canvas. `at` is the node's first column in `data`. */
export function liveFigures(
  definition: KindDefinition,
  data: Float64Array,
  at: number,
  simulatedMs: number,
): FigureLine {
  const value = (column: number) => data[at + column];
  const idle = idleNote(value(NODE.lastActiveMs), simulatedMs);
  switch (definition.family) {
    case 'sources': {
      const held =
        CONNECTION_NOTES[value(NODE.connection)] ||
        (value(NODE.badge) === BADGE.blocked ? `held back ${duration(value(NODE.heldBackMs))}` : '');
      return { figure: rate(value(NODE.outPerSecond)), unit: '/s', note: held || idle, spark: 'rate' };
    }
    case 'channels': {
      if (definition.card.perLane)
        return { figure: rate(value(NODE.inPerSecond)), unit: '/s', note: '', spark: null };
      if (definition.kind === 'exchange') {
        const lost = value(NODE.dropped);
        const note = lost > 0 ? `${count(lost)} unroutable` : idle;
        return { figure: rate(value(NODE.inPerSecond)), unit: '/s', note, spark: lost > 0 ? null : 'rate' };
      }
      if (definition.kind === 'event-router') return routerFigures(value, idle);
      return queueFigures(value);
    }
    case 'processing': {
      const behind = value(NODE.amount);
      const note = behind >= 0.5 || !idle ? `${count(behind)} behind` : idle;
      // What it has done, as a poll takes hundreds in at once.
      return { figure: rate(value(NODE.outPerSecond)), unit: '/s', note, spark: idle ? null : 'rate' };
    }
    case 'state':
      if (definition.kind === 'broker-cluster') return brokerFigures(value);
      if (idle) return { figure: '0', unit: '/s', note: idle, spark: null };
      return {
        figure: count(value(NODE.busy)),
        unit: '',
        note: `of ${count(value(NODE.servers))} busy`,
        spark: 'rate',
      };
    case 'integration': {
      const p95 = value(NODE.latencyMsP95);
      const note = idle || (Number.isFinite(p95) ? `p95 ${duration(p95)}` : '');
      return { figure: rate(value(NODE.inPerSecond)), unit: '/s', note, spark: idle ? null : 'rate' };
    }
    case 'reliability': {
      const coming = value(NODE.inPerSecond);
      const note = coming >= 0.05 ? `dead, ${trend(coming)}` : 'dead';
      const dead = value(NODE.amount);
      return dead > 0
        ? { figure: count(dead), unit: '', note, tone: 'headline-dead', spark: 'amount' }
        : { figure: '0', unit: '', note, spark: null };
    }
    case 'observability':
      return { figure: rate(value(NODE.inPerSecond)), unit: '/s', note: idle, spark: 'rate' };
  }
}

/** "12 of 200 waiting, 3 out"; what waits for a retry comes before what is out, as it fills the queue. */
function queueFigures(value: (column: number) => number): FigureLine {
  const limit = value(NODE.limit);
  const retries = value(NODE.delayed);
  const out = value(NODE.unacknowledged);
  const beside = retries > 0 ? `, ${count(retries)} to retry` : out > 0 ? `, ${count(out)} out` : '';
  const note = `${limit > 0 ? `of ${count(limit)} ` : ''}waiting${beside}`;
  return { figure: count(value(NODE.amount)), unit: '', note, spark: 'amount' };
}

/** What an event router pushes, and how much of it waits for another try. */
function routerFigures(value: (column: number) => number, idle: string): FigureLine {
  const waiting = value(NODE.amount);
  const note = waiting > 0 ? `${count(waiting)} to retry` : idle;
  return { figure: rate(value(NODE.inPerSecond)), unit: '/s', note, spark: waiting > 0 ? null : 'rate' };
}

/** "3 of 3 brokers", or "1 of 3 up, b2 b3 down": as much as fits the card. */
function brokerFigures(value: (column: number) => number): FigureLine {
  const brokers = value(NODE.limit);
  const down = Array.from({ length: brokers }, (_, broker) => broker)
    .filter((broker) => (value(NODE.brokersDown) >> broker) % 2 === 1)
    .map((broker) => `b${broker + 1}`);
  const note = `of ${count(brokers)} ${down.length > 0 ? `up, ${down.join(' ')} down` : 'brokers'}`;
  return { figure: count(value(NODE.amount)), unit: '', note, spark: null };
}

/** What a card says at rest, from the design alone: `120/s`, `3 partitions`, `no limit`. */
export function restFigures(definition: KindDefinition, node: DesignNode): string {
  // A managed queue says first which broker it is.
  const isNamed = definition.fields[0]?.first === true;
  const field = definition.fields.find((one) => one.value.type === 'rate' || one.value.type === 'integer');
  if (!field || isNamed) return chosenText(definition, node);
  const value = node.fields[field.name] ?? field.default;
  if (typeof value !== 'number') return '';
  const bytes = Number(node.fields.capacityBytes ?? 0);
  if (value === 0 && bytes > 0) return `capacity ${plain(bytes)} bytes`;
  return restText(field, value) + shapeNote(definition, node);
}

/** What a kind without numbers says of itself: the type of an exchange. */
function chosenText({ fields }: KindDefinition, node: DesignNode): string {
  const field = fields.find((one) => one.value.type === 'choice');
  if (field?.value.type !== 'choice') return '';
  const chosen = node.fields[field.name] ?? field.default;
  const label = field.value.options.find((one) => one.value === chosen)?.label ?? '';
  return field.first ? label : label.toLowerCase();
}

function restText(field: FieldDefinition, value: number): string {
  if (field.value.type === 'rate') return perSecond(value);
  if (field.value.type !== 'integer') return '';
  if (value === 0 && field.value.zeroMeans) return field.value.zeroMeans;
  const label = field.label.toLowerCase();
  if (field.value.unit !== label) return `${label} ${plain(value)}`;
  return value === 1 && label.endsWith('s') ? `1 ${label.slice(0, -1)}` : `${plain(value)} ${label}`;
}

/** How a source spreads what it sends, where that is not the usual way. */
function shapeNote(definition: KindDefinition, node: DesignNode): string {
  const field = definition.fields[0];
  if (definition.family !== 'sources' || field?.value.type !== 'choice') return '';
  const chosen = node.fields[field.name];
  if (chosen === undefined || chosen === field.default) return '';
  const option = field.value.options.find((one) => one.value === chosen);
  return option ? `, ${option.label.toLowerCase()}` : '';
}

/** The partition that takes more than twice its share, as a sentence; null if none does or too little flows. */
export function hotPartition(ratesPerSecond: ArrayLike<number>): { partition: number; share: number } | null {
  const partitions = ratesPerSecond.length;
  let total = 0;
  let hot = 0;
  for (let index = 0; index < partitions; index++) {
    total += ratesPerSecond[index];
    if (ratesPerSecond[index] > ratesPerSecond[hot]) hot = index;
  }
  if (partitions < 3 || total < 5) return null;
  const share = ratesPerSecond[hot] / total;
  return share > 2 / partitions ? { partition: hot, share } : null;
}

/** `41 % of all`, for the line under the lanes. */
export function hotShare(share: number): string {
  return `${percent(share)} of all`;
}

function idleNote(lastActiveMs: number, simulatedMs: number): string {
  if (!Number.isFinite(lastActiveMs) || simulatedMs - lastActiveMs < IDLE_AFTER_MS) return '';
  return `idle since ${clockTime(lastActiveMs)}`;
}
