import { NO_MESSAGE } from '../../engine/messages.ts';
import { TRACE } from '../../engine/trace.ts';
import { PHASE } from '../../kinds/consumer-group/workers.ts';
import { kindIndex } from '../../kinds/registry.ts';
import { hold, type Law, type Scene, type TracedStep } from './law.ts';

const TOPIC = kindIndex('topic');
const GROUP = kindIndex('consumer-group');
const NO_KEY = -1;

/**
 * Topics: a key has one partition, offsets have no gaps, a group reads each partition in order and goes back only by
 * a rewind, and a commit covers exactly what is done.
 */
export function logLaw({ sim, kinds, kindOf, fields }: Scene): Law {
  const { messages, plan } = sim;
  const { topics } = kinds;
  const keyOf = new Map<number, number>();
  const laneOf = new Map<string, number>();
  const logs = new Map<string, number[]>();
  const next = new Map<string, number>();
  const settledCount = new Map<string, number>();
  const offsetOf = new Map<number, number>();
  const isLog = (node: number) => kindOf[node] === TOPIC;
  let position = 0;

  function entered({ node, a: serial, b: lane, c: offset }: TracedStep): void {
    const log = logs.get(`${node}/${lane}`) ?? [];
    logs.set(`${node}/${lane}`, log);
    hold(offset === log.length, 'I17: an offset is left out or used twice', node, lane, offset, log.length);
    log.push(serial);
    const key = keyOf.get(serial) ?? NO_KEY;
    if (key === NO_KEY) return;
    const known = laneOf.get(`${node}/${key}`) ?? lane;
    hold(known === lane, 'I24: a key in two partitions', node, key, known, lane);
    laneOf.set(`${node}/${key}`, lane);
  }

  function checkWork(node: number): void {
    const { workers, rows } = kinds.consumers;
    const busyRows = new Set<number>();
    const first = workers.firstWorker[node];
    for (let worker = first; worker < first + kinds.consumers.workerCount(node); worker++) {
      const row = workers.row[worker];
      if (workers.phase[worker] === PHASE.idle || workers.edge[worker] < 0 || row < 0) continue;
      if (workers.generation[worker] !== rows.generation[row]) continue;
      busyRows.add(row);
      const edge = rows.edge[row];
      const start = topics.logStart(plan.edgeFrom[edge], rows.lane[row]);
      const offset = offsetOf.get(workers.message[worker]) ?? Infinity;
      const committed = topics.committed(edge, rows.lane[row]);
      hold(offset >= committed || offset < start, 'I14: committed while in work', node, offset, committed);
    }
    if (fields[node].commit !== 'each') return;
    for (let at = plan.inStart[node]; at < plan.inStart[node + 1]; at++) {
      const edge = plan.inEdges[at];
      if (!isLog(plan.edgeFrom[edge])) continue;
      for (let lane = 0; lane < topics.partitions(plan.edgeFrom[edge]); lane++) {
        if (busyRows.has(rows.firstRow[edge] + lane)) continue;
        const [committed, read] = [topics.committed(edge, lane), topics.position(edge, lane)];
        const owner = rows.owner[rows.firstRow[edge] + lane];
        const lost = owner < 0;
        hold(committed === read || lost, 'I13: done but not committed', node, lane, committed, read);
      }
    }
  }

  return {
    beforeSend(_edge, message) {
      keyOf.set(messages.serial[message], messages.key[message]);
    },
    traced(step) {
      if (step.code === TRACE.entered && isLog(step.node)) entered(step);
    },
    beforeTake(edge, lane) {
      if (isLog(plan.edgeFrom[edge])) position = topics.position(edge, lane);
    },
    taken(edge, lane, message) {
      const node = plan.edgeFrom[edge];
      if (!isLog(node) || message === NO_MESSAGE) return;
      const place = `${edge}/${lane}`;
      const expected = Math.max(next.get(place) ?? 0, topics.logStart(node, lane));
      hold(position === expected, 'I21: a group reads out of order', node, lane, position, expected);
      const serial = logs.get(`${node}/${lane}`)?.[position];
      hold(messages.serial[message] === serial, 'I21: another record than the log has', node, lane, position);
      next.set(place, position + 1);
      offsetOf.set(message, position);
    },
    settled(edge, lane, count) {
      if (!isLog(plan.edgeFrom[edge])) return;
      hold(count > 0, 'I14: settles nothing', edge, lane, count);
      const place = `${edge}/${lane}`;
      settledCount.set(place, (settledCount.get(place) ?? 0) + count);
      if (topics.logStart(plan.edgeFrom[edge], lane) > 0) return;
      const committed = topics.committed(edge, lane);
      hold(committed === settledCount.get(place), 'I17: committed is not what was settled', place, committed);
    },
    gaveBack(edge, lane, message) {
      if (!isLog(plan.edgeFrom[edge]) || message !== NO_MESSAGE) return;
      next.set(`${edge}/${lane}`, topics.committed(edge, lane));
    },
    afterEvent() {
      for (let node = 0; node < plan.nodeCount; node++) if (kindOf[node] === GROUP) checkWork(node);
    },
  };
}
