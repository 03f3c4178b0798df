import { clockSeconds, countOf, groupDigits } from '../design/wording.ts';
import { writeDuration } from '../kinds/quantities.ts';
import { drainedWords } from '../simulation/faults/fault-lag.ts';
import { healWords } from '../simulation/faults/fault-tally.ts';
import type { NodeResults, RunResults } from '../simulation/results/results.ts';
import { callLines } from './call-lines.ts';
import { plain } from './problem-lines.ts';
import { logLines } from './log-lines.ts';
import { replicaLines } from './replica-lines.ts';
import { textTable, type TableColumn } from './text-table.ts';

type Figure = (node: NodeResults) => string;

const COLUMNS: readonly (TableColumn & { figure: Figure })[] = [
  { title: 'node', align: 'left', figure: (node) => node.name },
  { title: 'kind', align: 'left', figure: (node) => node.kind },
  { title: 'in', align: 'right', figure: (node) => count(node.in) },
  { title: 'out', align: 'right', figure: (node) => count(node.out) },
  { title: 'in/s', align: 'right', figure: (node) => amount(node.arrivalRatePerSecond) },
  { title: 'out/s', align: 'right', figure: (node) => amount(node.throughputPerSecond) },
  { title: 'busy', align: 'right', figure: (node) => share(node.utilization) },
  { title: 'queue', align: 'right', figure: (node) => amount(node.queueLengthMean) },
  { title: 'max', align: 'right', figure: (node) => count(node.queueLengthMax) },
  { title: 'lag', align: 'right', figure: (node) => (node.lag === null ? '' : count(node.lag)) },
  { title: 'wait', align: 'right', figure: (node) => time(node.waitMsMean) },
  { title: 'service', align: 'right', figure: (node) => time(node.serviceMsMean) },
  { title: 'p50', align: 'right', figure: (node) => time(node.latencyMsP50) },
  { title: 'p95', align: 'right', figure: (node) => time(node.latencyMsP95) },
  { title: 'p99', align: 'right', figure: (node) => time(node.latencyMsP99) },
  { title: 'retries', align: 'right', figure: (node) => count(node.retries) },
  { title: 'tries/msg', align: 'right', figure: (node) => triesEach(node.retryAmplification) },
  { title: 'dead', align: 'right', figure: (node) => count(node.deadLettered) },
  { title: 'dropped', align: 'right', figure: (node) => count(node.dropped) },
];

/** The figures of a run for people: what was run, a table of the nodes, and the books. */
export function resultsTable(name: string, results: RunResults): string {
  const { totals, latency } = results;
  const head = [
    plain(name),
    `${writeDuration(results.untilMs)} simulated`,
    ...(results.warmUpMs > 0 ? [`measured after ${writeDuration(results.warmUpMs)}`] : []),
    `seed ${plain(String(results.seed))}`,
    countOf(results.events, 'event'),
    `hash ${results.hash}`,
  ];
  const rows = Object.values(results.nodes).map((node) => COLUMNS.map((column) => column.figure(node)));
  const books = [
    `${groupDigits(totals.produced)} produced`,
    ...(totals.copied > 0 ? [`${groupDigits(totals.copied)} copied`] : []),
    `${groupDigits(totals.acknowledged)} acknowledged`,
    `${groupDigits(totals.deadLettered)} dead-lettered${lettersText(results)}`,
    `${groupDigits(totals.dropped)} dropped${returnedText(results)}`,
    `${groupDigits(totals.expired)} expired`,
    `${groupDigits(totals.inFlight)} in flight`,
  ];
  const percentiles = [latency.latencyMsP50, latency.latencyMsP95, latency.latencyMsP99].map(
    (value, at) => `${['p50', 'p95', 'p99'][at]} ${time(value) || 'none'}`,
  );
  return [
    `${head.join(' · ')}\n`,
    textTable(COLUMNS, rows),
    `${books.join(', ')}\n`,
    `birth to acknowledgement: ${percentiles.join(', ')}\n`,
    `load at the end: ${plain(results.verdict.text)}\n`,
    ...deliveryLines(results),
    ...queueLines(results),
    ...publisherLines(results),
    ...replicaLines(results),
    ...callLines(results),
    ...logLines(results),
    ...faultLines(results),
  ].join('\n');
}

/** Most faults that are listed one by one. */
const FAULTS_LISTED = 20;

/** One line for each fault: when it struck, when it was healed, and what came meanwhile. */
function faultLines({ faults, untilMs }: RunResults): string[] {
  const lines = faults.slice(0, FAULTS_LISTED).map((fault) => {
    const until = fault.healedMs ?? untilMs;
    const healed = fault.healedMs === null ? 'not healed' : `healed at ${clock(fault.healedMs)}`;
    const hit = healWords(until - fault.atMs, fault, fault.lag);
    const drained =
      fault.drainedMs === null ? '' : `, ${drainedWords(fault.drainedMs, fault.healedMs ?? fault.drainedMs)}`;
    return `${plain(fault.text)} at ${clock(fault.atMs)}, ${healed} ${hit}${drained}\n`;
  });
  const more = faults.length - lines.length;
  return more > 0 ? [...lines, `and ${countOf(more, 'more fault', 'more faults')}\n`] : lines;
}

/** A time of the run as the page's clock shows it. */
function clock(ms: number): string {
  return clockSeconds(Math.floor(ms / 1000));
}

function returnedText({ nodes }: RunResults): string {
  const returned = Object.values(nodes).reduce((sum, node) => sum + node.returned, 0);
  return returned === 0 ? '' : ` (${groupDigits(returned)} of them returned)`;
}

/** One line for each group that states a delivery guarantee: what happened, and what should not have. */
function deliveryLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap(({ name, delivery }) => {
    if (!delivery) return [];
    const part = (mishap: 'duplicate' | 'lost' | 'reordered', words: string) => {
      const expected = delivery.forbidden.includes(mishap) ? ' (expected 0)' : '';
      return `${groupDigits(delivery[mishap])} ${words}${delivery[mishap] > 0 ? expected : ''}`;
    };
    const skipped = delivery.skipped > 0 ? [`${countOf(delivery.skipped, 'duplicate')} skipped`] : [];
    const parts = [
      part('duplicate', 'done again'),
      ...skipped,
      part('lost', 'lost'),
      part('reordered', 'out of order per key'),
    ];
    return [`${plain(name)}, ${delivery.guarantee.replaceAll('-', ' ')}: ${parts.join(', ')}\n`];
  });
}

/** One line for each queue of which consumers have something, or to which something came back. */
function queueLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap(({ name, queue }) => {
    if (!queue) return [];
    const {
      activeConsumer: active,
      failovers,
      bytes,
      delayed,
      takenBack,
      lettersWaiting,
      lettersRefused,
      alarm,
    } = queue;
    const hasNews = queue.redelivered > 0 || queue.unacknowledged > 0 || active !== null || bytes !== null;
    if (!hasNews && lettersWaiting + lettersRefused === 0 && alarm === 'clear') return [];
    const parts = [
      `${groupDigits(queue.ready)} ready`,
      `${groupDigits(queue.unacknowledged)} unacknowledged`,
      `${groupDigits(queue.redelivered)} came back`,
      ...(delayed > 0 ? [`${groupDigits(delayed)} waiting for a retry`] : []),
      ...(takenBack > 0 ? [`${groupDigits(takenBack)} taken back after the consumer timeout`] : []),
      ...(active ? [`only ${plain(nodes[active.node].name)} m${active.member} is active`] : []),
      ...(failovers > 0 ? [`taken over ${countOf(failovers, 'time')}`] : []),
      ...(bytes ? [`${groupDigits(bytes.waiting)} of ${groupDigits(bytes.limit)} bytes`] : []),
      ...(lettersWaiting > 0 ? [`${countOf(lettersWaiting, 'dead letter')} kept until taken`] : []),
      ...(lettersRefused > 0 ? [`${countOf(lettersRefused, 'dead letter')} refused and kept`] : []),
      ...(alarm === 'clear'
        ? []
        : [`its broker has an alarm: ${alarm === 'both' ? 'memory and disk' : alarm}`]),
    ];
    return [`${plain(name)}: ${parts.join(', ')}\n`];
  });
}

/** One line for each publisher to RabbitMQ that something was answered, or that is held back. */
function publisherLines({ nodes }: RunResults): string[] {
  return Object.values(nodes).flatMap(({ name, publisher }) => {
    if (!publisher) return [];
    const { connection, outstanding, confirmed, refused, returned } = publisher;
    const answered = outstanding + confirmed + refused + returned;
    if (answered === 0 && connection === 'running') return [];
    const parts = [
      `connection ${connection}`,
      `${groupDigits(confirmed)} confirmed`,
      `${groupDigits(refused)} refused`,
      `${groupDigits(returned)} returned`,
      `${groupDigits(outstanding)} outstanding`,
    ];
    return [`${plain(name)}: ${parts.join(', ')}\n`];
  });
}

/** What became of dead letters, where a dead-letter queue sent some back or had no room for all. */
function lettersText({ nodes }: RunResults): string {
  const sum = (figure: (node: NodeResults) => number) =>
    Object.values(nodes).reduce((total, node) => total + figure(node), 0);
  const redriven = sum((node) => node.redriven);
  const forgotten = sum((node) => node.forgotten);
  const parts = [
    ...(redriven > 0 ? [`${groupDigits(redriven)} of them redriven`] : []),
    ...(forgotten > 0 ? [`${groupDigits(forgotten)} forgotten`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Tries of a message on average; nothing where none was tried twice. */
function triesEach(amplification: number | null): string {
  return amplification === null || amplification === 1 ? '' : amplification.toFixed(2);
}

/** A count; nothing for none, so that the eye finds what is there. */
function count(value: number): string {
  return value === 0 ? '' : groupDigits(Math.round(value));
}

function amount(value: number): string {
  if (value === 0) return '';
  return value >= 100 ? groupDigits(Math.round(value)) : value.toPrecision(3);
}

function share(value: number | null): string {
  return value === null ? '' : `${(value * 100).toFixed(1)} %`;
}

function time(ms: number | null): string {
  if (ms === null) return '';
  if (ms >= 10_000) return `${groupDigits(Math.round(ms / 1000))} s`;
  return ms >= 1000 ? `${(ms / 1000).toPrecision(3)} s` : `${ms.toPrecision(3)} ms`;
}
