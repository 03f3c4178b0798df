import { resolveFields } from '../../../kinds/field-values.ts';
import { writeDuration } from '../../../kinds/quantities.ts';
import { clockTime } from '../../look/figures.ts';
import { listed, MEMBER_STATE, type Context, type Finding } from './explanation-parts.ts';
import { readMembers } from '../figures/node-reading.ts';

/** Members that the group counts in, and does not hear. */
const SILENT = (['crashed', 'cut-off', 'stranded'] as const).map((name) => MEMBER_STATE[name]);

/** Rows of the trace say since when the group is not stable, in the machine's own words. */
export function rebalanceFindings(context: Context): Finding[] {
  const { trace, id, reading } = context;
  if (reading.machineState < 0) return [];
  const row = trace.findLast(
    (r) => r.node === id && r.machine === 'group-coordinator' && r.member === undefined,
  );
  if (!row?.state || row.state === 'stable' || row.state === 'empty') return [];
  const isGradual =
    row.state === 'reconciling' || trace.some((r) => r.node === id && r.state === 'rejoining');
  const meanwhile = isGradual
    ? 'partitions that move stop, members read on what they keep'
    : `members stop reading until the partitions are dealt out anew${stillAtWork(context)}`;
  const begin = `The group rebalances since ${clockTime(row.atMs)}${row.cause ? `, as ${row.cause}` : ''}: ${meanwhile}.`;
  const waits = row.state === 'preparing-rebalance' ? waitedFor(context) : [];
  return [
    {
      question: 'Why does it stand still?',
      sentence: [[begin, ...waits].join(' ')],
      sinceMs: row.atMs,
    },
  ];
}

/** Members that finish their work before they join again. */
function stillAtWork({ frame, id }: Context): string {
  const busy = readMembers(frame, id).filter(({ state }) => state === MEMBER_STATE['finishing-work']);
  return busy.length === 0
    ? ''
    : `, and ${listed(busy.map(({ number }) => `m${number}`))} ${busy.length === 1 ? 'finishes its' : 'finish their'} work first`;
}

/** Whom the coordinator waits for though nobody there will join: the dead, until their session is over, and the stuck. */
function waitedFor({ design, frame, trace, id }: Context): string[] {
  const node = design.nodes.find((candidate) => candidate.id === id);
  if (!node) return [];
  const fields = resolveFields(node);
  const members = readMembers(frame, id);
  const named = (found: typeof members) => listed(found.map(({ number }) => `m${number}`));
  const silent = members.filter(({ state }) => SILENT.includes(state));
  const hanging = members.filter(({ state }) => state === MEMBER_STATE.hanging);
  const reborn =
    fields.identity === 'static' ? [] : members.filter(({ number }) => cameBack(trace, id, number));
  const session = `until its session is over (session.timeout.ms, ${writeDuration(Number(fields.sessionTimeout))})`;
  const poll = `max.poll.interval.ms, ${writeDuration(Number(fields.maxPollInterval))}`;
  const sentences: string[] = [];
  if (reborn.length > 0)
    sentences.push(
      `Each start is a new member to the group: it waits for the dead process of ${named(reborn)} as well, ${session}.`,
    );
  if (silent.length > 0)
    sentences.push(
      `It waits for ${named(silent)}, which ${silent.length === 1 ? 'is' : 'are'} silent, ${session}.`,
    );
  if (hanging.length > 0)
    sentences.push(
      `It waits for ${named(hanging)}, which ${hanging.length === 1 ? 'hangs while its' : 'hang while their'} heartbeats go on, until that is too long between two polls (${poll}).`,
    );
  return sentences;
}

/** Whether a member joins with a new process, while the group does not know yet that the old one is dead. */
function cameBack(trace: Context['trace'], id: string, member: number): boolean {
  const states = trace
    .filter((row) => row.node === id && row.machine === 'group-member' && row.member === member)
    .map((row) => row.state);
  return states.at(-1) === 'joining' && states.at(-2) === 'crashed';
}
