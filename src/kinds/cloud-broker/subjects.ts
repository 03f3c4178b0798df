const ANY_TOKEN = '*';
const THE_REST = '>';

/** Subjects of a stream as its field has them, with commas or spaces between; none for a stream that takes everything. */
export function readSubjects(text: string): string[] {
  return text.split(/[\s,]+/).filter((subject) => subject !== '');
}

/**
 * Why a subject of NATS is none, null if it is fine: tokens with dots between, none of them empty, `*` for one token,
 * `>` for one or more at the end (`IsValidSubject` of the server).
 */
export function subjectFault(subject: string): string | null {
  if (subject === '') return 'it is empty';
  if (/\s/.test(subject)) return 'it has a space';
  const tokens = subject.split('.');
  if (tokens.includes('')) return 'a token of it is empty';
  return tokens.indexOf(THE_REST) >= 0 && tokens.indexOf(THE_REST) < tokens.length - 1
    ? '> stands for the rest, and only at the end'
    : null;
}

/** Whether a subject has wildcards, so that nobody can publish to it. */
export function hasWildcards(subject: string): boolean {
  return subject.split('.').some((token) => token === ANY_TOKEN || token === THE_REST);
}

/** Whether a pattern takes all that another one takes; that one may be a subject without wildcards. */
export function covers(pattern: string, other: string): boolean {
  const wanted = pattern.split('.');
  const tokens = other.split('.');
  for (let at = 0; at < wanted.length; at++) {
    if (at >= tokens.length) return false;
    if (wanted[at] === THE_REST) return true;
    if (tokens[at] === THE_REST) return false;
    if (wanted[at] !== ANY_TOKEN && wanted[at] !== tokens[at]) return false;
  }
  return wanted.length === tokens.length;
}

/** Whether there is a subject that both patterns take. */
export function overlaps(one: string, other: string): boolean {
  const [a, b] = [one.split('.'), other.split('.')];
  for (let at = 0; ; at++) {
    if (at >= a.length || at >= b.length) return a.length === b.length;
    if (a[at] === THE_REST || b[at] === THE_REST) return true;
    if (a[at] !== b[at] && a[at] !== ANY_TOKEN && b[at] !== ANY_TOKEN) return false;
  }
}

/** Whether a stream with these subjects takes a message. */
export function takesSubject(subjects: readonly string[], subject: string): boolean {
  return subjects.some((pattern) => covers(pattern, subject));
}

/** Whether the filter of a consumer takes a message; an empty one takes everything. */
export function filterTakes(filter: string, subject: string): boolean {
  return filter === '' || covers(filter, subject);
}
