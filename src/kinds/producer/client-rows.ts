import type { EnginePlan } from '../../engine/plan.ts';

/** The partitions that Kafka clients write to, one row for each edge from a client to a topic and partition. */
export class ClientRows {
  /** Of each edge: its rows are `first[edge]` to `end[edge] - 1`; none for an edge without a client. */
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly edgeOf: Int32Array;
  readonly count: number;

  /** `partitions[edge]` is 0 where an edge leads to no topic; `isClient(node)` says whose edges count. */
  constructor(plan: EnginePlan, partitions: Int32Array, isClient: (node: number) => boolean) {
    this.first = new Int32Array(plan.edgeCount);
    this.end = new Int32Array(plan.edgeCount);
    const edgeOf: number[] = [];
    for (let edge = 0; edge < plan.edgeCount; edge++) {
      this.first[edge] = edgeOf.length;
      const rows = isClient(plan.edgeFrom[edge]) ? partitions[edge] : 0;
      for (let lane = 0; lane < rows; lane++) edgeOf.push(edge);
      this.end[edge] = edgeOf.length;
    }
    this.edgeOf = Int32Array.from(edgeOf);
    this.count = edgeOf.length;
  }

  /** Whether messages go along an edge in batches. */
  has(edge: number): boolean {
    return this.end[edge] > this.first[edge];
  }
}
