import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import { clockTime } from '../../look/figures.ts';
import { MEMBER_STATE, type Context, type Finding } from './explanation-parts.ts';
import { readMembers } from '../figures/node-reading.ts';

/** States of members that are not at work and do not come back by themselves. */
const GONE = (['stopped', 'crashed', 'removed'] as const).map((name) => MEMBER_STATE[name]);
/** For so long a change is news. */
const NEWS_MS = 60_000;

/** What became of the partitions of a topic and of those who read them: more of them, nowhere to begin, a pause. */
export function memberFindings(context: Context): Finding[] {
  const { kind, frame, id } = context;
  if (kind === 'topic') {
    const isNews = ({ sinceMs = 0 }: Finding) => frame.data[HEADER.simulatedMs] - sinceMs <= NEWS_MS;
    return toldFindings(context, 'grown', 'What has changed?').filter(isNews);
  }
  if (kind !== 'consumer-group') return [];
  const isSomeoneGone = readMembers(frame, id).some(({ state }) => GONE.includes(state));
  return [
    ...(isSomeoneGone ? toldFindings(context, 'no-offset', 'Why does it stand still?') : []),
    ...pauseFindings(context),
  ];
}

/** The newest row of the trace of a code, in its own words. */
function toldFindings({ trace, id }: Context, code: string, question: string): Finding[] {
  const row = trace.findLast((candidate) => candidate.node === id && candidate.code === code);
  if (!row) return [];
  return [{ question, sentence: [`At ${clockTime(row.atMs)}: ${row.text}`], sinceMs: row.atMs }];
}

function pauseFindings({ frame, id }: Context): Finding[] {
  const paused = readMembers(frame, id).filter(({ state }) => state === MEMBER_STATE.paused);
  if (paused.length === 0) return [];
  const sinceMs = Math.min(...paused.map((member) => member.sinceMs));
  const who = paused.length === 1 ? `m${paused[0].number} has` : `${paused.length} members have`;
  const since = clockTime(sinceMs);
  const sentence = `${who} paused since ${since}, as all its workers are busy; polling goes on, so nobody has to leave the group.`;
  return [{ question: 'Why is it lagging?', sentence: [sentence], sinceMs }];
}
