import { compile } from '../simulation/compile.ts';
import type { ToWorker } from './protocol.ts';
import { SessionHost } from './session-host.ts';

const host = new SessionHost({
  post: (message, transfer) => self.postMessage(message, { transfer }),
  compile,
  now: () => performance.now(),
  soon: throughMessageChannel(),
  after: (delayMs, callback) => void setTimeout(callback, delayMs),
});

self.addEventListener('message', (event: MessageEvent<ToWorker>) => host.receive(event.data));

/** A yield that costs about a microsecond, where a timer is clamped to 4 ms. */
function throughMessageChannel(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    port2.postMessage(null);
  };
}
