/** An edge as the mix needs it: its ends, what passes a second, and its one message type or -1 for several. */
export interface MixedEdge {
  from: string;
  to: string;
  ratePerSecond: number;
  messageType: number;
}

/** Ways longer than this keep the mix of where they were cut; designs are rarely half as deep. */
const ROUNDS = 12;

/**
 * The share of each message type on each edge, one list an edge. A frame names the type of an edge only where a
 * single one passes; behind a place where several meet, they are taken to leave in the proportion in which they came.
 * Only the looks of dots hang on it.
 */
export function messageMix(edges: readonly MixedEdge[], types: number): Float64Array[] {
  let mixes = edges.map((edge) => oneType(edge.messageType, types));
  const senders = edges.map((edge) => edge.from);
  for (let round = 0; round < ROUNDS; round++) {
    const into = new Map<string, Float64Array>();
    edges.forEach(({ to, ratePerSecond }, index) => {
      let sum = into.get(to);
      if (!sum) into.set(to, (sum = new Float64Array(types)));
      for (let type = 0; type < types; type++) sum[type] += mixes[index][type] * ratePerSecond;
    });
    let changed = false;
    mixes = mixes.map((mix, index) => {
      if (edges[index].messageType >= 0) return mix;
      const sum = into.get(senders[index]);
      const total = sum?.reduce((all, one) => all + one, 0) ?? 0;
      if (!sum || total === 0) return mix;
      const next = sum.map((one) => one / total);
      changed ||= next.some((one, type) => Math.abs(one - mix[type]) > 0.01);
      return next;
    });
    if (!changed) break;
  }
  return mixes;
}

/** The type at a place between 0 and 1 in a mix; the first where the mix is not known. */
export function typeAt(mix: Float64Array, place: number): number {
  let left = place;
  for (let type = 0; type < mix.length; type++) {
    left -= mix[type];
    if (left < 0) return type;
  }
  return Math.max(0, mix.indexOf(Math.max(...mix)));
}

function oneType(type: number, types: number): Float64Array {
  const mix = new Float64Array(types);
  if (type >= 0 && type < types) mix[type] = 1;
  return mix;
}
