import { describe, expect, it } from 'vitest';
import type { Behaviors } from './behaviors.ts';
import { defaultLimits, type EnginePlan } from './plan.ts';
import { Simulation } from './simulation.ts';
import { TRACE, TRACE_ROW } from './trace.ts';

/** Node 0 sends by edges 0 and 1 to nodes 1 and 2; node 3 sends by edge 2 to node 1. */
const PLAN: EnginePlan = {
  nodeCount: 4,
  kindOf: new Uint8Array(4),
  edgeCount: 3,
  edgePort: new Uint8Array(3),
  edgeFrom: Int32Array.of(0, 0, 3),
  edgeTo: Int32Array.of(1, 2, 1),
  seed: 1,
  nodeIds: ['a', 'b', 'c', 'd'],
  outStart: Int32Array.of(0, 2, 2, 2, 3),
  outEdges: Int32Array.of(0, 1, 2),
  inStart: Int32Array.of(0, 0, 2, 3, 3),
  inEdges: Int32Array.of(0, 2, 1),
  limits: defaultLimits,
};

/** Whether a node takes what it is offered, and which node was asked by which edge. */
function world(): { sim: Simulation; isFull: Set<number>; asked: [node: number, edge: number][] } {
  const isFull = new Set<number>();
  const asked: [number, number][] = [];
  const nothing = (): void => {};
  const behaviors: Behaviors = {
    start: nothing,
    fire: nothing,
    reply: nothing,
    deliver: () => false,
    available: nothing,
    settle: nothing,
    giveBack: nothing,
    take: (_sim, node, edge) => {
      asked.push([node, edge]);
      return -1;
    },
    offer: (_sim, node, edge) => {
      asked.push([node, edge]);
      return !isFull.has(node);
    },
    room: (sim, _node, edge, tag) => void sim.resend(edge, 0, tag),
  };
  const sim = new Simulation(PLAN);
  sim.begin(behaviors, 0);
  return { sim, isFull, asked };
}

/** Code, sender and edge of each row of the trace. */
function traced({ trace }: Simulation): number[][] {
  const { values } = trace.rows.read(0);
  const rows = Array.from({ length: values.length / TRACE_ROW.size }, (_, row) => row * TRACE_ROW.size);
  return rows.map((at) => [TRACE_ROW.code, TRACE_ROW.node, TRACE_ROW.a].map((of) => values[at + of]));
}

describe('a sender', () => {
  it('is held back from the first of its edges that is blocked to the last that is free', () => {
    const { sim, isFull } = world();
    const { transfers } = sim;
    isFull.add(1).add(2);
    sim.runUntil(100, Infinity);
    sim.send(0, 0, 7);
    sim.runUntil(300, Infinity);
    sim.send(1, 0, 8);
    sim.runUntil(600, Infinity);
    isFull.clear();
    sim.roomFreed(1);
    sim.runUntil(1000, Infinity);
    sim.roomFreed(2);
    sim.runUntil(1500, Infinity);
    const times = [0, 1].map((edge) => transfers.blockedTime(edge, sim.now));
    expect([...times, transfers.heldTime(0, sim.now)]).toEqual([500, 700, 900]);
    expect(transfers.heldTime(3, sim.now)).toBe(0);
    expect(transfers.heldBy[0]).toBe(1);
    expect(traced(sim)).toEqual([
      [TRACE.blocked, 0, 0],
      [TRACE.unblocked, 0, 1],
    ]);
  });

  it('stands in line once for each message, and its edge is blocked until the last has passed', () => {
    const { sim, isFull } = world();
    const { transfers } = sim;
    isFull.add(1);
    sim.send(0, 0, 1);
    sim.send(0, 0, 2);
    isFull.clear();
    sim.runUntil(10, Infinity);
    sim.roomFreed(1);
    sim.runUntil(30, Infinity);
    expect([transfers.waiting[0], transfers.passed[0]]).toEqual([1, 1]);
    expect(transfers.blockedTime(0, sim.now)).toBe(30);
    sim.roomFreed(1);
    sim.runUntil(60, Infinity);
    expect([transfers.waiting[0], transfers.passed[0]]).toEqual([0, 2]);
    expect(transfers.blockedTime(0, sim.now)).toBe(30);
  });
});

describe('where a target may have room for one and not for another', () => {
  it('every sender may ask, and who finds no room goes to the end of the line', () => {
    const { sim, isFull, asked } = world();
    sim.transfers.asksAll[1] = 1;
    isFull.add(1);
    sim.send(0, 0, 1);
    sim.send(2, 0, 2);
    sim.roomFreed(1);
    sim.runUntil(0, Infinity);
    isFull.clear();
    sim.roomFreed(1);
    sim.roomFreed(1);
    sim.runUntil(0, Infinity);
    expect(asked.map(([, edge]) => edge)).toEqual([0, 2, 0, 2, 0]);
  });
});

describe('the gate of an edge', () => {
  it('stands in for both of its ends, and no other edge meets it', () => {
    const { sim, asked } = world();
    const { transfers } = sim;
    transfers.closeGate(0);
    const gate = transfers.gateOf(0);
    expect(gate).toBeGreaterThanOrEqual(PLAN.nodeCount);
    sim.send(0, 0, 1);
    sim.send(1, 0, 2);
    sim.send(2, 0, 3);
    sim.take(0, 0);
    transfers.openGate(0);
    sim.send(0, 0, 4);
    sim.take(0, 0);
    expect(asked).toEqual([
      [gate, 0],
      [2, 1],
      [1, 2],
      [gate, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  it('takes over those of its edge who stand in line, in order, and leaves the others theirs', () => {
    const { sim, isFull } = world();
    const { transfers } = sim;
    isFull.add(1);
    const line: [edge: number, tag: number][] = [
      [0, 1],
      [2, 2],
      [0, 3],
      [2, 4],
    ];
    for (const [edge, tag] of line) sim.send(edge, 0, tag);
    transfers.closeGate(0);
    const tags = (node: number) =>
      Array.from({ length: transfers.waiters.count[node] }, () => {
        transfers.waiters.shift(node);
        return transfers.waiters.foundTag;
      });
    expect([tags(transfers.gateOf(0)), tags(1)]).toEqual([
      [1, 3],
      [2, 4],
    ]);
    // Whether before the gate or before the target: they have not passed.
    expect([...transfers.waiting]).toEqual([2, 0, 2]);
  });
});
