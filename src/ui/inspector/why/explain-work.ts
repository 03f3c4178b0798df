import { BREAKER_LIGHTS } from '../../../simulation/frame/frame-layout.ts';
import { LOAD_STATES } from '../../../simulation/verdict/verdict.ts';
import { clockTime, count, perSecond } from '../../look/figures.ts';
import { counted, namePart, type Context, type Finding } from './explanation-parts.ts';
import { badgeText, faultDefinition } from '../fault-text.ts';
import { nodeIndex, readGuard, readNode, readReaders, readStages } from '../figures/node-reading.ts';

/** Messages behind below which a group counts as keeping up. */
const BEHIND_MIN = 20;
/** From this share of its workers on a group is busy. */
const MOSTLY = 0.9;

/**
 * What keeps a group from getting on although it works or could: calls that nobody answers or a breaker refuses, messages
 * that it gives back again and again, a record whose retries keep what is done after it from being committed.
 */
export function workFindings(context: Context): Finding[] {
  if (context.kind !== 'consumer-group') return [];
  return [
    ...unansweredFindings(context),
    ...refusedFindings(context),
    ...givenBackFindings(context),
    ...uncommittedFindings(context),
  ];
}

/** Workers that hang in calls to a node that is down: nothing gets done, and nothing of it fails. */
function unansweredFindings(context: Context): Finding[] {
  const { frame, id, reading, activeFaults } = context;
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  if (!(reading.busy > 0) || reading.busy < reading.servers || reading.outPerSecond >= 0.05) return [];
  const silent = edges
    .filter(({ from }) => from === self)
    .map(({ to }) => nodes[to].id)
    .find((target) => LOAD_STATES[readNode(frame, target)?.loadState ?? 0] === 'stopped');
  if (silent === undefined) return [];
  const fault = activeFaults.find(({ node }) => node === silent);
  const who = reading.servers === 1 ? 'Its only worker waits' : `All ${count(reading.servers)} workers wait`;
  const since = fault ? ` since ${clockTime(fault.sinceMs)}` : ' now';
  const answer = `, which gives none${since}: a timeout at the edge would let them go on.`;
  return [
    {
      question: 'Why is it lagging?',
      sentence: [`${who} for an answer of `, namePart(context, silent), answer],
      sinceMs: fault?.sinceMs,
    },
  ];
}

/** A group that falls behind while the breaker at its calls is open: it waits from one refused try to the next. */
function refusedFindings(context: Context): Finding[] {
  const { frame, id, reading } = context;
  if (!(reading.amount >= BEHIND_MIN) || !(reading.utilization >= 0.9)) return [];
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  return edges
    .filter(({ from }) => from === self)
    .flatMap((edge): Finding[] => {
      const guard = readGuard(frame, edge.id);
      if (!guard || BREAKER_LIGHTS[guard.breaker] !== 'open') return [];
      const why = ` are refused since ${clockTime(guard.breakerSinceMs)}, as the circuit breaker is open: its workers wait from one try to the next.`;
      const sentence = ['Its calls to ', namePart(context, nodes[edge.to].id), why];
      return [{ question: 'Why is it lagging?', sentence, sinceMs: guard.breakerSinceMs }];
    });
}

/** A group that falls behind while a fault makes slow what it calls: its workers are busy with waiting. */
export function slowAnswerFindings(context: Context): Finding[] {
  const { design, frame, id, kind, reading, activeFaults } = context;
  const isBusy = reading.busy > 0 && reading.busy >= reading.servers * MOSTLY;
  if (kind !== 'consumer-group' || !isBusy || !(reading.amount >= BEHIND_MIN)) return [];
  const called = new Set(design.edges.filter(({ from }) => from === id).map(({ to }) => to));
  const fault = activeFaults.find(({ node, fault: name }) => name === 'slow' && called.has(node ?? ''));
  const target = design.nodes.find(({ id: other }) => other === fault?.node);
  const definition = target && faultDefinition(target.kind, 'slow');
  if (!fault || !target || !definition || nodeIndex(frame, target.id) === reading.blockedBy) return [];
  const state = `, which is ${badgeText(definition, fault.args)} since ${clockTime(fault.sinceMs)}.`;
  return [
    {
      question: 'Why is it lagging?',
      sentence: ['Its workers wait for answers of ', namePart(context, target.id), state],
      sinceMs: fault.sinceMs,
    },
  ];
}

/** Where a queue has only this group, what comes back to it is what this group gave back. */
function givenBackFindings({ frame, id, reading }: Context): Finding[] {
  const { edges, nodes } = frame.layout.shape;
  const self = nodeIndex(frame, id);
  const isGroup = (node: number) => nodes[node].kind === 'consumer-group';
  const back = edges
    .filter(({ from, to }) => to === self && nodes[from].kind === 'queue')
    .filter(({ from }) => edges.every((edge) => edge.from !== from || edge.to === self || !isGroup(edge.to)))
    .reduce((sum, { from }) => sum + (readNode(frame, nodes[from].id)?.retryPerSecond ?? 0), 0);
  if (!(back >= 0.5) || back < reading.outPerSecond / 2) return [];
  const rates = `${perSecond(back)} of the ${perSecond(reading.outPerSecond)} that it takes`;
  return [{ question: 'Why does it fail?', sentence: [`It fails and gives back ${rates}.`] }];
}

/** A group that has time to spare and yet commits nothing: its offset stands at a record that is tried again. */
function uncommittedFindings({ frame, id, reading }: Context): Finding[] {
  const { amount, backingOff, setAside, lagMs, loadState } = reading;
  const waiting = backingOff + setAside;
  if (!(waiting > 0) || !(amount >= BEHIND_MIN) || !(lagMs > 1000)) return [];
  if (readReaders(frame, id).length === 0 || readStages(frame, id).length > 0) return [];
  // The verdict on its load looks at what it has read: where that keeps up, all that is behind waits for a commit.
  if (LOAD_STATES[loadState] !== 'stable') return [];
  const what = `${counted(waiting, 'record waits', 'records wait')} to be tried again`;
  const rest = `a commit is one number, so what is done behind ${waiting === 1 ? 'it' : 'them'} counts as behind until then`;
  return [{ question: 'Why is it lagging?', sentence: [`${what}: ${rest}.`] }];
}
