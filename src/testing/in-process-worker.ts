import type { Design, Problem } from '../design/types.ts';
import type { Run } from '../simulation/run.ts';
import type { WorkerPort } from '../worker/client.ts';
import { FakePlatform } from './fake-platform.ts';
import type { ToWorker } from '../worker/protocol.ts';
import { SessionHost } from '../worker/session-host.ts';

/** A session host behind a worker's port, in this thread and on a clock that a test moves. */
export class InProcessWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  onmessageerror: WorkerPort['onmessageerror'] = null;
  readonly platform = new FakePlatform();
  readonly received: ToWorker[] = [];
  private readonly host: SessionHost;

  constructor(compile: (design: Design) => { run: Run | null; problems: readonly Problem[] }) {
    const { now, soon, after } = this.platform;
    this.host = new SessionHost({
      now,
      soon,
      after,
      compile,
      post: (message, transfer = []) => {
        const data: unknown = structuredClone(message, { transfer });
        this.onmessage?.({ data } as MessageEvent);
      },
    });
  }

  postMessage(message: ToWorker, transfer: Transferable[]): void {
    const copy = structuredClone(message, { transfer });
    this.received.push(copy);
    // In a task of its own, as between threads.
    this.platform.soon(() => this.host.receive(copy));
  }

  terminate(): void {
    this.onmessage = null;
  }
}
