import { describe, expect, it } from 'vitest';
import type { Behaviors } from './behaviors.ts';
import { defaultLimits, type EnginePlan } from './plan.ts';
import { Simulation } from './simulation.ts';

/** Two nodes and one edge from the first to the second. */
function plan(limits = {}): EnginePlan {
  return {
    nodeCount: 2,
    kindOf: new Uint8Array(2),
    edgeCount: 1,
    edgePort: new Uint8Array(1),
    edgeFrom: Int32Array.of(0),
    edgeTo: Int32Array.of(1),
    seed: 1,
    nodeIds: ['a', 'b'],
    outStart: Int32Array.of(0, 1, 1),
    outEdges: Int32Array.of(0),
    inStart: Int32Array.of(0, 0, 1),
    inEdges: Int32Array.of(0),
    limits: { ...defaultLimits, ...limits },
  };
}

/** A kind that does nothing but what a test says; `log` is what happened. */
function fake(parts: Partial<Behaviors> = {}): { behaviors: Behaviors; log: string[] } {
  const log: string[] = [];
  const nothing = (): void => {};
  const behaviors = {
    start: nothing,
    reply: nothing,
    deliver: () => false,
    available: nothing,
    settle: nothing,
    giveBack: nothing,
    take: () => -1,
    offer: () => false,
    room: nothing,
    fire: (sim: Simulation, node: number, type: number, arg: number) => {
      log.push(`${sim.now}: ${node} ${type} ${arg}`);
    },
    ...parts,
  };
  return { behaviors, log };
}

function begun(parts: Partial<Behaviors> = {}, limits = {}): { sim: Simulation; log: string[] } {
  const { behaviors, log } = fake(parts);
  const sim = new Simulation(plan(limits));
  sim.begin(behaviors, 0);
  return { sim, log };
}

describe('the clock', () => {
  it('takes events in order of time, and at one time in order of scheduling', () => {
    const { sim, log } = begun();
    sim.after(20, 0, 3, 1);
    sim.after(10, 1, 4, 2);
    sim.after(20, 1, 5, 3);
    sim.runUntil(100, Infinity);
    expect(log).toEqual(['10: 1 4 2', '20: 0 3 1', '20: 1 5 3']);
    expect([sim.now, sim.events]).toEqual([100, 3]);
  });

  it('stands at the last event if their number ran out first', () => {
    const { sim } = begun();
    sim.after(10, 0, 0, 0);
    sim.after(20, 0, 0, 0);
    expect(sim.runUntil(100, 1)).toBe(1);
    expect(sim.now).toBe(10);
    expect(sim.runUntil(100, 5)).toBe(1);
    expect(sim.now).toBe(100);
  });

  it('runs an action of the scenario before anything else at its time', () => {
    const { sim, log } = begun();
    sim.after(10, 0, 0, 0);
    sim.onControl = (action) => log.push(`action ${action} at ${sim.now}, by node ${sim.currentNode}`);
    sim.scheduleAction(10, 7);
    sim.runUntil(100, Infinity);
    expect(log).toEqual(['action 7 at 10, by node -1', '10: 0 0 0']);
  });

  it('does not fire what was taken back', () => {
    const { sim, log } = begun();
    sim.cancel(sim.after(10, 0, 0, 0));
    sim.runUntil(100, Infinity);
    expect(log).toEqual([]);
  });

  it('stops with a sentence when time stands still', () => {
    const fire = (sim: Simulation, node: number): void => void sim.after(0, node, 0, 0);
    const { sim } = begun({ fire }, { eventsAtOneInstant: 50 });
    sim.after(0, 1, 0, 0);
    expect(() => sim.runUntil(10, Infinity)).toThrow('events at one instant');
    expect(sim.currentNode).toBe(1);
  });
});

describe('a refused message', () => {
  /** Node 1 takes `places` messages. */
  function withRoom(places: number): { sim: Simulation; calls: string[]; room: { left: number } } {
    const room = { left: places };
    const calls: string[] = [];
    const { sim } = begun({
      offer: (_sim, _node, _edge, _message, tag) => {
        calls.push(`offer ${tag}`);
        return room.left-- > 0;
      },
      room: (s, _node, edge, tag) => {
        calls.push(`room ${tag}`);
        s.resend(edge, 0, tag);
      },
    });
    return { sim, calls, room };
  }

  it('stands in line, and those behind it are not offered past it', () => {
    const { sim, calls, room } = withRoom(0);
    expect([sim.send(0, 0, 1), sim.send(0, 0, 2)]).toEqual([false, false]);
    expect(calls).toEqual(['offer 1']);
    room.left = 1;
    sim.roomFreed(1);
    sim.runUntil(0, Infinity);
    expect(calls).toEqual(['offer 1', 'room 1', 'offer 1']);
    expect([sim.transfers.passed[0], sim.transfers.waiting[0]]).toEqual([1, 1]);
  });

  it('goes back to the head of the line if it finds no room after all', () => {
    const { sim, calls, room } = withRoom(0);
    sim.send(0, 0, 1);
    sim.send(0, 0, 2);
    sim.roomFreed(1);
    sim.runUntil(0, Infinity);
    room.left = 2;
    sim.roomFreed(1);
    sim.roomFreed(1);
    sim.runUntil(0, Infinity);
    expect(calls.slice(1)).toEqual(['room 1', 'offer 1', 'room 1', 'offer 1', 'room 2', 'offer 2']);
  });

  it('can leave the line, and the time in it is measured', () => {
    const { sim } = withRoom(0);
    sim.send(0, 0, 1);
    sim.runUntil(500, Infinity);
    expect([sim.transfers.heldTime(0, sim.now), sim.transfers.blockedTime(0, sim.now)]).toEqual([500, 500]);
    sim.cancelWait(0, 1);
    sim.runUntil(900, Infinity);
    expect(sim.transfers.heldTime(0, sim.now)).toBe(500);
    expect(sim.transfers.waiters.count[1]).toBe(0);
  });
});

describe('a snapshot', () => {
  it('brings back clock, events, messages, streams and hash', () => {
    const { sim, log } = begun({
      fire: (s, node) => {
        const message = s.messages.create(s.now);
        log.push(`${s.now} ${message} ${s.random.u32(s.stream(node, 0))}`);
        s.after(5, node, 0, 0);
      },
    });
    sim.after(5, 0, 0, 0);
    sim.runUntil(5000, Infinity);
    const snapshot = sim.snapshot();
    log.length = 0;
    sim.runUntil(12_000, Infinity);
    const [first, hash] = [[...log], sim.hash.hex()];
    sim.restore(snapshot);
    log.length = 0;
    sim.runUntil(12_000, Infinity);
    expect(log).toEqual(first);
    expect(sim.hash.hex()).toBe(hash);
  });
});
