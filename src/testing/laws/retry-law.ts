import type { Json } from '../../design/types.ts';
import { MESSAGE_FLAG } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene } from './law.ts';

const GROUP = kindIndex('consumer-group');
const DATABASE = kindIndex('database');
const TYPE_BITS = 5;
const TYPE_MASK = 31;
/** Event types of a group: see its behaviour. */
const SERVED = 0;
const RETRY_HERE = 1;
const RETRY_LATER = 2;
const CALL_ANSWERED = 0;

/** Tries: never more than the limit, at distances as declared, given up only after the last, failed only for a reason. */
export function retryLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  const { workers } = kinds.consumers;
  const retries = new Float64Array(plan.nodeCount);
  const started = new Float64Array(plan.nodeCount);
  const failures = new Float64Array(plan.nodeCount);
  /** Tries of the failure noted last at each worker. */
  const lastTries = new Map<number, number>();
  const canFail = (node: number): boolean => {
    if (fields[node].everFailed) return true;
    for (let at = plan.outStart[node]; at < plan.outStart[node + 1]; at++) {
      const to = plan.edgeTo[plan.outEdges[at]];
      if (kindOf[to] === DATABASE && fields[to].everFailed) return true;
    }
    return false;
  };

  function checkDelay(node: number, message: number, delay: number): void {
    const tries = messages.attempts[message];
    hold(tries >= 1 && tries < Number(fields[node].maxAttempts), 'I15: tries', node, tries);
    const { backoff, backoffFactor, backoffMax, backoffJitter } = fields[node] as Record<string, number>;
    const longest = Math.round(backoffMax * 1000);
    const base = Math.min(longest, Math.round(backoff * 1000) * backoffFactor ** (tries - 1));
    const least = Math.floor(base * (1 - backoffJitter) * (1 - 1e-9));
    const most = Math.min(longest, Math.ceil(base * (1 + backoffJitter) * (1 + 1e-9)));
    hold(delay >= least - 1 && delay <= most + 1, 'I15: back-off', node, tries, delay, [least, most]);
  }

  function checkService(node: number, delay: number): void {
    const time = fields[node].serviceTime as { shape: string; mean: number };
    if (time.shape !== 'constant') return;
    const expected = Math.round(time.mean * 1000 * Number(fields[node].slowFactor ?? 1));
    hold(delay === expected, 'I27: service time', node, delay, expected);
  }

  return {
    scheduled(_handle, time, _priority, code, arg) {
      const node = code >>> TYPE_BITS;
      const type = code & TYPE_MASK;
      const delay = time - sim.now;
      if (kindOf[node] === DATABASE && type === CALL_ANSWERED) checkService(node, delay);
      if (kindOf[node] !== GROUP) return;
      if (type === SERVED) checkService(node, delay);
      else if (type === RETRY_HERE || type === RETRY_LATER) {
        retries[node]++;
        checkDelay(node, type === RETRY_HERE ? workers.message[arg] : arg, delay);
      }
    },
    beforeSend(edge, message) {
      if (kindOf[plan.edgeFrom[edge]] !== GROUP) return;
      hold(
        isDead(edge) || (messages.flags[message] & MESSAGE_FLAG.poison) === 0,
        'I16: a poison message was done',
        edge,
      );
    },
    sent(edge, _message, tag, _accepted, again) {
      const node = plan.edgeFrom[edge];
      if (kindOf[node] !== GROUP || again || !isDead(edge)) return;
      const tries = lastTries.get(workers.workerOf(node, tag)) ?? 0;
      hold(tries >= Number(fields[node].maxAttempts), 'I16: dead-lettered before its last try', node, tries);
    },
    traced({ code, node, b: worker, c: tries }) {
      if (kindOf[node] !== GROUP) return;
      if (code === TRACE.started) started[node]++;
      if (code === TRACE.failed) {
        failures[node]++;
        lastTries.set(worker, tries);
        hold(canFail(node), 'I15: fails without a reason', node);
      }
      if (code === TRACE.dropped) {
        const done = lastTries.get(worker) ?? 0;
        hold(done >= Number(fields[node].maxAttempts), 'I16: dropped before its last try', node, done);
      }
    },
    afterEvent() {
      const { metrics } = sim;
      for (let node = 0; node < plan.nodeCount; node++) {
        if (kindOf[node] !== GROUP) continue;
        hold(metrics.retries[node] === retries[node], 'I15: retries', node, metrics.retries[node]);
        hold(metrics.attempts[node] === started[node], 'I15: tries', node, metrics.attempts[node]);
        hold(metrics.failures[node] === failures[node], 'I15: failures', node, metrics.failures[node]);
      }
    },
  };

  function isDead(edge: number): boolean {
    return plan.edgePort[edge] === 2;
  }
}

/** Fields that laws need beside those of the kind: whether a node can ever have failed, and how slow it is now. */
export function lawFields(fields: Readonly<Record<string, Json>>): Record<string, Json> {
  return { ...fields, everFailed: Number(fields.failureProbability ?? 0) > 0, slowFactor: 1 };
}
