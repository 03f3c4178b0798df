import { beforeEach, describe, expect, it } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { HEADER } from '../simulation/frame/frame-layout.ts';
import { FakePlatform } from '../testing/fake-platform.ts';
import { FakeRun } from '../testing/fake-run.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { SessionHost } from './session-host.ts';

type Of<T extends FromWorker['type']> = Extract<FromWorker, { type: T }>;

let platform: FakePlatform;
let posted: FromWorker[];
let run: FakeRun;
let runs: number;
let host: SessionHost;
/** Wall time one event takes. */
let eventCostMs: number;

beforeEach(() => {
  platform = new FakePlatform();
  posted = [];
  runs = 0;
  eventCostMs = 0.0001;
  host = new SessionHost({
    ...platformPorts(),
    post: (message) => posted.push(message),
    compile: () => {
      runs++;
      run = new FakeRun(10_000, () => (platform.wallMs += eventCostMs));
      return { run, problems: [] };
    },
  });
});

function platformPorts() {
  const { now, soon, after } = platform;
  return { now, soon, after };
}

function send(...messages: ToWorker[]): void {
  for (const message of messages) host.receive(message);
}

function load(generation = 1): void {
  send({ type: 'load', generation, design: newDesign() });
  platform.pass(1);
}

/** Gives every frame back at once for so long, as a page does. */
function passAsPage(ms: number): void {
  const endMs = platform.wallMs + ms;
  while (platform.wallMs < endMs) {
    const before = all('frame').length;
    platform.pass(1);
    for (let count = all('frame').length; count > before; count--) {
      send({ type: 'frame-done', buffer: new ArrayBuffer(0) });
    }
  }
}

function all<T extends FromWorker['type']>(type: T): Of<T>[] {
  return posted.filter((message): message is Of<T> => message.type === type);
}

function states(): string[] {
  return all('session').map(({ state }) => state);
}

describe('the session', () => {
  it('compiles a design, shows time zero, and waits', () => {
    load();
    expect(posted.map(({ type }) => type)).toEqual(['session', 'compiled', 'frame', 'session']);
    expect(states()).toEqual(['compiling', 'ready']);
    platform.pass(1000);
    expect(run.nowMs).toBe(0);
  });

  it('compiles only the last of a burst of designs, and says which', () => {
    send(
      { type: 'load', generation: 1, design: newDesign() },
      { type: 'load', generation: 2, design: newDesign() },
    );
    platform.pass(1);
    expect(runs).toBe(1);
    expect(all('compiled').map(({ generation }) => generation)).toEqual([2]);
  });

  it('refuses a design that cannot run and takes no command but another design', () => {
    const problem = { severity: 'error', code: 'x', message: 'No.' } as const;
    host = new SessionHost({
      ...platformPorts(),
      post: (message) => posted.push(message),
      compile: () => ({ run: null, problems: [problem] }),
    });
    load();
    send({ type: 'play' }, { type: 'step' }, { type: 'seek', toMs: 5 }, { type: 'heal', id: 'x' });
    platform.pass(100);
    expect(all('refused')).toEqual([{ type: 'refused', generation: 1, problems: [problem] }]);
    expect(states()).toEqual(['compiling', 'failed']);
  });

  it.each([0.1, 1, 10, 1000])('keeps to a speed of %d', (speed) => {
    load();
    send({ type: 'speed', speed }, { type: 'play' });
    const startMs = platform.wallMs;
    passAsPage(Math.min(1000, 8000 / speed));
    const wallMs = platform.wallMs - startMs;
    expect(run.nowMs).toBeGreaterThan(wallMs * speed - 10 * speed);
    expect(run.nowMs).toBeLessThanOrEqual(wallMs * speed + 2);
  });

  it('runs to the end at full speed, in slices of at most 8 ms, and gives the results', () => {
    eventCostMs = 0.05;
    load();
    send({ type: 'speed', speed: 'max' }, { type: 'play' });
    passAsPage(600);
    expect(run.nowMs).toBe(10_000);
    expect(platform.longestTaskMs).toBeLessThanOrEqual(8.1);
    expect(states().at(-1)).toBe('finished');
    expect(all('results').at(-1)?.results.events).toBe(10_000);
  });

  it('does not make up for a stall by a burst', () => {
    load();
    send({ type: 'play' });
    passAsPage(100);
    platform.stall(60_000);
    passAsPage(20);
    expect(run.nowMs).toBeLessThan(100 + 100 + 30);
  });

  it('says what speed a slow machine reaches', () => {
    eventCostMs = 2;
    let reached = 0;
    host = new SessionHost({
      ...platformPorts(),
      post: (message) => {
        if (message.type === 'frame') reached = new Float64Array(message.buffer)[HEADER.speedReached];
      },
      compile: () => ({ run: new FakeRun(10_000, () => (platform.wallMs += eventCostMs)), problems: [] }),
    });
    load();
    send({ type: 'speed', speed: 100 }, { type: 'play' });
    for (let i = 0; i < 100; i++) {
      platform.pass(10);
      send({ type: 'frame-done', buffer: new ArrayBuffer(0) });
    }
    expect(reached).toBeCloseTo(0.5, 1);
  });

  it('has at most one frame in flight, and at most 30 a second', () => {
    load();
    send({ type: 'play' });
    platform.pass(1000);
    expect(all('frame')).toHaveLength(1);
    send({ type: 'frame-done', buffer: new ArrayBuffer(0) });
    platform.pass(1000);
    expect(all('frame')).toHaveLength(2);
    send({ type: 'frame-done', buffer: new ArrayBuffer(0) });
    passAsPage(1000);
    const later = all('frame').length - 2;
    expect(later).toBeGreaterThan(24);
    expect(later).toBeLessThanOrEqual(32);
  });

  it('writes into buffers that come back', () => {
    load();
    const first = all('frame')[0].buffer;
    send({ type: 'play' }, { type: 'frame-done', buffer: first });
    platform.pass(100);
    expect(all('frame')[1].buffer).toBe(first);
  });

  it('owes the page a last frame when it pauses while one is in flight', () => {
    load();
    send({ type: 'play' });
    platform.pass(200);
    send({ type: 'pause' });
    expect(all('frame')).toHaveLength(1);
    send({ type: 'frame-done', buffer: new ArrayBuffer(0) });
    const last = new Float64Array(all('frame')[1].buffer);
    expect(last[HEADER.simulatedMs]).toBe(run.nowMs);
    expect(run.nowMs).toBeGreaterThan(150);
  });

  it('steps by one event and stands still after it', () => {
    load();
    send({ type: 'step' }, { type: 'step' }, { type: 'step' });
    platform.pass(1000);
    expect(run.events).toBe(3);
    expect(states().at(-1)).toBe('paused');
  });

  it('starts anew on reset, with the fields that were set', () => {
    load();
    send({ type: 'speed', speed: 10 }, { type: 'play' });
    passAsPage(100);
    send({ type: 'reset' });
    platform.pass(10);
    expect(runs).toBe(2);
    expect(run.nowMs).toBe(0);
    expect(states().at(-1)).toBe('ready');
  });

  it('goes on playing after a load that asks for it', () => {
    load();
    send({ type: 'load', generation: 2, design: newDesign(), keepPlaying: true });
    passAsPage(100);
    expect(states().at(-1)).toBe('running');
    expect(run.nowMs).toBeGreaterThan(50);
  });

  it('reports a command that the run refuses, and goes on', () => {
    load();
    send({ type: 'play' }, { type: 'set-field', node: 'a', field: 'rate', value: 'x' });
    expect(all('rejected')[0].problem.message).toBe('Found "x", expected a number.');
    passAsPage(100);
    expect(run.nowMs).toBeGreaterThan(50);
  });

  it('fails with a sentence when the run breaks, and can be reset', () => {
    load();
    eventCostMs = NaN;
    run.advance = () => {
      throw new Error('Message 7 was freed twice.');
    };
    send({ type: 'play' });
    platform.pass(10);
    expect(all('failed')[0].problem.message).toContain('Message 7 was freed twice.');
    expect(states().at(-1)).toBe('failed');
  });

  it('answers pings', () => {
    send({ type: 'ping', at: 5 });
    expect(posted).toEqual([{ type: 'pong', at: 5 }]);
  });
});

describe('seeking', () => {
  it('goes forward to exactly that time and stands still', () => {
    load();
    send({ type: 'seek', toMs: 4321.5 });
    passAsPage(50);
    expect(run.nowMs).toBe(4321.5);
    expect(states()).toEqual(['compiling', 'ready', 'seeking', 'paused']);
  });

  it('goes back and shows the same run again, interventions included', () => {
    load();
    send({ type: 'seek', toMs: 3000 });
    passAsPage(50);
    send({ type: 'set-field', node: 'a', field: 'gap', value: 0.5 });
    send({ type: 'seek', toMs: 6000 });
    passAsPage(50);
    const { hash, events } = run;
    send({ type: 'seek', toMs: 2999 });
    passAsPage(50);
    expect(run.nowMs).toBe(2999);
    expect(run.events).toBe(2999);
    const back = all('rewound')[0];
    expect(back.toMs).toBeLessThanOrEqual(2999);
    send({ type: 'seek', toMs: 6000 });
    passAsPage(50);
    expect({ hash: run.hash, events: run.events }).toEqual({ hash, events });
  });

  it('plays on after a seek during play', () => {
    load();
    send({ type: 'play' });
    passAsPage(100);
    send({ type: 'seek', toMs: 5000 });
    passAsPage(100);
    expect(run.nowMs).toBeGreaterThan(5000);
    expect(states().at(-1)).toBe('running');
  });

  it('sends trace rows of a repeated stretch once more, after it voided them', () => {
    load();
    send({ type: 'seek', toMs: 8000 });
    passAsPage(50);
    send({ type: 'seek', toMs: 1000 }, { type: 'seek', toMs: 8000 });
    passAsPage(50);
    let rows: string[] = [];
    for (const message of posted) {
      if (message.type === 'trace') rows.push(...message.rows.map(({ text }) => text));
      if (message.type === 'rewound') rows = rows.slice(0, message.traceRows);
    }
    expect(rows).toEqual(Array.from({ length: 160 }, (_, index) => `${(index + 1) * 50} events.`));
  });

  it('takes no fault at the end of a run, and keeps a field for the next one', () => {
    load();
    send({ type: 'seek', toMs: 10_000 });
    passAsPage(50);
    send({ type: 'inject', id: 'f', place: 'a', fault: 'burst', args: {} });
    expect(all('rejected').map(({ problem }) => problem.code)).toEqual(['run-over']);
    const { hash } = run;
    send({ type: 'set-field', node: 'a', field: 'gap', value: 2 });
    expect(all('rejected')).toHaveLength(1);
    expect(run.hash).toBe(hash);
  });

  it('leaves the end of a run', () => {
    load();
    send({ type: 'speed', speed: 'max' }, { type: 'play' });
    passAsPage(100);
    expect(states().at(-1)).toBe('finished');
    send({ type: 'seek', toMs: 1 });
    passAsPage(50);
    expect(run.nowMs).toBe(1);
    expect(states().at(-1)).toBe('paused');
  });
});

describe('results do not depend on', () => {
  function hashAfter(drive: () => void): number {
    load();
    drive();
    while (run.nowMs < 10_000) passAsPage(50);
    return run.hash;
  }

  it('pace, pauses, steps, slow machines or seeks', () => {
    const plain = hashAfter(() => send({ type: 'speed', speed: 'max' }, { type: 'play' }));
    const paced = hashAfter(() => {
      send({ type: 'speed', speed: 700 }, { type: 'play' });
      passAsPage(3);
      send({ type: 'pause' }, { type: 'step' }, { type: 'step' }, { type: 'play' });
    });
    const sought = hashAfter(() => {
      eventCostMs = 0.3;
      send({ type: 'seek', toMs: 7777 });
      passAsPage(30);
      send({ type: 'seek', toMs: 50 });
      passAsPage(30);
      eventCostMs = 0.0001;
      send({ type: 'speed', speed: 'max' }, { type: 'play' });
    });
    expect([paced, sought]).toEqual([plain, plain]);
  });
});
