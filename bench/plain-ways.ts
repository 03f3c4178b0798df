import type { Work } from './rounds.ts';

// The plain way to do what each structure of the engine does: what one would write first. Peers of the table of
// structures; nobody else uses them.

export const RANKS = 1_000_000;
export const SKEW = 0.9;
export const LONG_QUEUE = 30_000;
export const IN_SNAPSHOT = 100_000;
const NODES = 1000;
const WAITING = 1000;
/** An array of all values would take all memory; it is emptied at this size, which costs the plain way nothing. */
const MOST_VALUES = 100_000;

/** Values that fall into many buckets. */
export function spreadOut(i: number): number {
  return Math.imul(i, 0x9e3779b1) >>> 12;
}

export function uniforms(): Work {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.random();
    return sum;
  };
}

export function exponentials(): Work {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum -= Math.log(1 - Math.random());
    return sum;
  };
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

export function normals(): Work {
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += normal();
    return sum;
  };
}

export function logNormals(): Work {
  const sd = Math.sqrt(Math.log(2));
  const mean = Math.log(3) - (sd * sd) / 2;
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.exp(mean + sd * normal());
    return sum;
  };
}

export function zipf(): Work {
  const sums = new Float64Array(RANKS);
  let total = 0;
  for (let rank = 0; rank < RANKS; rank++) sums[rank] = total += (rank + 1) ** -SKEW;
  return (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const wanted = Math.random() * total;
      let [low, high] = [0, RANKS - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sums[middle] < wanted) low = middle + 1;
        else high = middle;
      }
      sum += low;
    }
    return sum;
  };
}

export function math(): Work {
  return (n) => {
    let sum = 0;
    for (let i = 1; i <= n; i++) sum += Math.exp(-Math.log(i));
    return sum;
  };
}

export function hash(): Work {
  const event = new Int32Array(4);
  const bytes = new Uint8Array(event.buffer);
  return (n) => {
    let state = 0x811c9dc5;
    for (let i = 0; i < n; i++) {
      const time = i * 1234;
      event[0] = time;
      event[1] = time / 4294967296;
      event[2] = i;
      event[3] = 7;
      for (let at = 0; at < bytes.length; at++) state = Math.imul(state ^ bytes[at], 0x01000193);
    }
    return state;
  };
}

export function histograms(): Work {
  const values: number[][] = Array.from({ length: NODES }, () => []);
  return (n) => {
    for (let i = 0; i < n; i++) {
      const mine = values[i % NODES];
      if (mine.length === MOST_VALUES) mine.length = 0;
      mine.push(spreadOut(i));
    }
    return values[0].length;
  };
}

export function figures(): Work {
  const nodes = Array.from({ length: NODES }, () => ({ in: 0, queued: 0, most: 0, area: 0, changedAt: 0 }));
  return (n) => {
    for (let i = 0; i < n; i++) {
      const node = nodes[i % NODES];
      node.in++;
      node.area += node.queued * (i - node.changedAt);
      node.changedAt = i;
      node.queued += 1 - 2 * ((i / NODES) & 1);
      node.most = Math.max(node.most, node.queued);
    }
    return nodes[0].area;
  };
}

interface Message {
  bornAt: number;
  enteredAt: number;
  key: number;
  sizeBytes: number;
  serial: number;
  type: number;
  flags: number;
  attempts: number;
}

function message(now: number, serial: number): Message {
  return { bornAt: now, enteredAt: now, key: -1, sizeBytes: 0, serial, type: 0, flags: 0, attempts: 0 };
}

export function messages(): Work {
  const alive = Array.from({ length: WAITING }, (_, i) => message(0, i));
  return (n) => {
    for (let i = 0; i < n; i++) alive[i % WAITING] = message(i, i);
    return alive[0].bornAt;
  };
}

export function lists(): Work {
  const waiting = Array.from({ length: LONG_QUEUE }, (_, i) => i);
  return (n) => {
    for (let i = 0; i < n; i++) waiting.push(waiting.shift()!);
    return waiting.length;
  };
}

export function waiters(): Work {
  const line = Array.from({ length: WAITING }, (_, i) => ({ edge: i, tag: i }));
  return (n) => {
    for (let i = 0; i < n; i++) line.push({ edge: line.shift()!.edge, tag: i });
    return line[0].tag;
  };
}

export function ring(): Work {
  const rows: object[] = [];
  return (n) => {
    for (let i = 0; i < n; i++) {
      rows.push({ time: i, code: 1, node: 2, a: 3, b: 4, c: 5 });
      if (rows.length > 4096) rows.shift();
    }
    return rows.length;
  };
}

export function snapshots(): Work {
  let all = Array.from({ length: IN_SNAPSHOT }, (_, i) => message(i, i));
  return (n) => {
    for (let copied = 0; copied < n; copied += IN_SNAPSHOT) all = structuredClone(all);
    return all.length;
  };
}
