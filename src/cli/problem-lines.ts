import type { Problem } from '../design/types.ts';

/** Problems as lines for people, the worst first. */
export function problemLines(problems: readonly Problem[]): string {
  return [...problems]
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .map(({ severity, message }) => `${severity}: ${plain(message)}\n`)
    .join('');
}

const SEVERITIES: readonly Problem['severity'][] = ['error', 'warning', 'info'];

/** One line without control characters: names come from files, and a terminal obeys what it is sent. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}
