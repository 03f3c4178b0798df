import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newDesign } from '../design/new-design.ts';
import { WorkerClient, type ClientListener, type WorkerPort } from './client.ts';
import type { ToWorker } from './protocol.ts';

/** A worker whose answers the test gives. */
class FakeWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  onmessageerror: WorkerPort['onmessageerror'] = null;
  sent: ToWorker[] = [];
  terminated = false;
  answers = true;

  postMessage(message: ToWorker): void {
    this.sent.push(message);
    if (message.type === 'ping' && this.answers) this.say({ type: 'pong', at: message.at });
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: unknown): void {
    this.onmessage?.({ data } as MessageEvent);
  }
}

let workers: FakeWorker[];
let heard: string[];
let client: WorkerClient;

const listener: ClientListener = {
  onMessage: (message) => heard.push(message.type),
  onFrame: (data) => heard.push(`frame ${data.length}`),
  onHealth: (health) => heard.push(health),
  onFailure: ({ code }) => heard.push(code),
};

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  heard = [];
  client = new WorkerClient(listener, () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  });
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

function loads(worker: FakeWorker): number[] {
  return worker.sent.flatMap((message) => (message.type === 'load' ? [message.generation] : []));
}

describe('the watchdog', () => {
  it('says nothing while the worker answers', () => {
    client.load(newDesign());
    vi.advanceTimersByTime(60_000);
    expect(heard).toEqual([]);
    expect(workers).toHaveLength(1);
  });

  it('says slow after 2 s without an answer and well after the next one', () => {
    client.load(newDesign());
    vi.advanceTimersByTime(1000);
    workers[0].answers = false;
    vi.advanceTimersByTime(3000);
    expect(heard).toEqual(['slow']);
    workers[0].answers = true;
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual(['slow', 'well']);
  });

  it('replaces a worker after 5 s and gives the new one the design and the speed', () => {
    client.load(newDesign());
    client.send({ type: 'speed', speed: 100 });
    vi.advanceTimersByTime(1000);
    workers[0].answers = false;
    vi.advanceTimersByTime(6000);
    expect(heard).toEqual(['slow', 'restarted']);
    expect(workers[0].terminated).toBe(true);
    expect(workers[1].sent.slice(0, 2)).toMatchObject([
      { type: 'speed', speed: 100 },
      { type: 'load', generation: 2, keepPlaying: false },
    ]);
  });

  it('gives up, and says so, when the new worker hangs with the same design, until there is another design', () => {
    client.load(newDesign());
    vi.advanceTimersByTime(1000);
    workers[0].answers = false;
    vi.advanceTimersByTime(6000);
    workers[1].answers = false;
    vi.advanceTimersByTime(20_000);
    expect(workers).toHaveLength(2);
    expect(heard).toEqual(['slow', 'restarted', 'slow', 'simulation-not-answering']);
    client.load(newDesign());
    vi.advanceTimersByTime(20_000);
    expect(workers).toHaveLength(3);
    expect(heard.slice(4)).toEqual(['well']);
  });

  it('tries again on a reset after it gave up', () => {
    client.load(newDesign());
    workers[0].onerror?.({ message: 'out of memory' } as ErrorEvent);
    client.send({ type: 'reset' });
    expect(workers).toHaveLength(2);
    expect(loads(workers[1])).toEqual([2]);
  });

  it('does not replace a worker whose program cannot be loaded', () => {
    client.load(newDesign());
    workers[0].onerror?.({ message: '' } as ErrorEvent);
    expect(workers).toHaveLength(1);
    expect(heard).toEqual(['simulation-not-answering']);
  });

  it('takes a page that slept for no alarm', () => {
    client.load(newDesign());
    vi.advanceTimersByTime(1000);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([]);
  });
});

describe('messages', () => {
  it('of an earlier design are dropped, and its frames given back at once', () => {
    client.load(newDesign());
    client.load(newDesign());
    expect(loads(workers[0])).toEqual([1, 2]);
    const buffer = new ArrayBuffer(80);
    workers[0].say({ type: 'trace', generation: 1, rows: [] });
    workers[0].say({ type: 'frame', generation: 1, buffer, length: 10 });
    workers[0].say({ type: 'trace', generation: 2, rows: [] });
    expect(heard).toEqual(['trace']);
    expect(workers[0].sent.at(-1)).toEqual({ type: 'frame-done', buffer });
  });

  it('ask for the next frame and give back the one before', () => {
    client.load(newDesign());
    const [first, second] = [new ArrayBuffer(80), new ArrayBuffer(80)];
    workers[0].say({ type: 'frame', generation: 1, buffer: first, length: 10 });
    expect(workers[0].sent.at(-1)).toMatchObject({ type: 'frame-done', buffer: { byteLength: 0 } });
    workers[0].say({ type: 'frame', generation: 1, buffer: second, length: 10 });
    const last = workers[0].sent.at(-1);
    expect(last?.type === 'frame-done' && last.buffer).toBe(first);
  });

  it.each([
    undefined,
    'hello',
    {},
    { type: 'constructor', generation: 1 },
    { type: 'trace', generation: 1 },
    { type: 'trace', generation: 'x', rows: [] },
    { type: 'frame', generation: 1, buffer: new ArrayBuffer(8), length: 2 },
    { type: 'session', generation: 1, state: 'ready', simulatedMs: NaN, horizonMs: 1 },
  ])('that make no sense are ignored with a failure: %o', (message) => {
    client.load(newDesign());
    workers[0].say(message);
    expect(heard).toEqual(['simulation-message-malformed']);
  });
});
