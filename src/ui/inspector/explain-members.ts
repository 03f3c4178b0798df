import { compileMachine } from '../../machines/compile-machine.ts';
import { groupMemberMachine } from '../../machines/group-member.machine.ts';
import { clockTime } from '../look/figures.ts';
import type { Context, Finding } from './explanation-parts.ts';
import { readMembers } from './node-reading.ts';

const PAUSED = compileMachine(groupMemberMachine).state.paused;

/** What became of the partitions of a topic and of those who read them: more of them, nowhere to begin, a pause. */
export function memberFindings(context: Context): Finding[] {
  if (context.kind === 'topic') return toldFindings(context, 'grown', 'What has changed?');
  if (context.kind !== 'consumer-group') return [];
  return [...toldFindings(context, 'no-offset', 'Why does it stand still?'), ...pauseFindings(context)];
}

/** The newest row of the trace of a code, in its own words. */
function toldFindings({ trace, id }: Context, code: string, question: string): Finding[] {
  const row = trace.findLast((candidate) => candidate.node === id && candidate.code === code);
  if (!row) return [];
  return [{ question, sentence: [`At ${clockTime(row.atMs)}: ${row.text}`], sinceMs: row.atMs }];
}

function pauseFindings({ frame, id }: Context): Finding[] {
  const paused = readMembers(frame, id).filter(({ state }) => state === PAUSED);
  if (paused.length === 0) return [];
  const sinceMs = Math.min(...paused.map((member) => member.sinceMs));
  const who = paused.length === 1 ? `m${paused[0].number} has` : `${paused.length} members have`;
  const since = clockTime(sinceMs);
  const sentence = `${who} paused since ${since}, as all workers are busy. Polling goes on, so nobody leaves the group.`;
  return [{ question: 'Why is it lagging?', sentence: [sentence], sinceMs }];
}
