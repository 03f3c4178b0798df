import type { FromWorker } from './protocol.ts';

type Check = (message: Record<string, unknown>) => boolean;

/** What the page relies on in each message: enough that reading it can neither throw nor show nonsense. */
const CHECKS: Record<FromWorker['type'], Check> = {
  compiled: (message) => isObject(message.shape) && Array.isArray(message.problems),
  problems: (message) => Array.isArray(message.problems),
  refused: (message) => Array.isArray(message.problems),
  session: (message) =>
    typeof message.state === 'string' && isFinite(message.simulatedMs) && isFinite(message.horizonMs),
  frame: (message) =>
    message.buffer instanceof ArrayBuffer &&
    Number.isInteger(message.length) &&
    (message.length as number) * Float64Array.BYTES_PER_ELEMENT <= message.buffer.byteLength,
  trace: (message) => Array.isArray(message.rows),
  faults: (message) => Array.isArray(message.active),
  rewound: (message) => isFinite(message.toMs) && isFinite(message.traceRows),
  rejected: (message) => isObject(message.problem),
  letters: (message) => typeof message.node === 'string' && Array.isArray(message.letters),
  results: (message) => isObject(message.results),
  failed: (message) => isObject(message.problem),
  pong: () => true,
};

/** True if a message has the shape that the protocol promises. */
export function isFromWorker(value: unknown): value is FromWorker {
  if (!isObject(value) || typeof value.type !== 'string' || !Object.hasOwn(CHECKS, value.type)) return false;
  const type = value.type as FromWorker['type'];
  return (type === 'pong' || isFinite(value.generation)) && CHECKS[type](value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isFinite(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
