import { useState, type FocusEvent, type KeyboardEvent } from 'react';

interface DraftOptions {
  /** The value as the document has it. */
  text: string;
  /** Takes a changed text; returns a sentence if it is refused, which keeps the draft for correction. */
  commit: (text: string) => string | null;
  /** For numbers: the text one step up or down from the given one, null if there is none. */
  nudge?: (text: string, direction: 1 | -1, big: boolean) => string | null;
}

/**
 * A text being typed: Enter and leaving the box commit it, Escape brings the old value back, the arrow keys nudge a
 * number. A refused text stays, with the sentence, until it is put right or given up.
 */
export function useDraft({ text, commit, nudge }: DraftOptions) {
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const settle = (next: string) => {
    const refused = next === text ? null : commit(next);
    setProblem(refused);
    setDraft(refused === null ? null : next);
    return refused === null;
  };

  return {
    problem,
    settle,
    input: {
      value: draft ?? text,
      'aria-invalid': problem !== null,
      onChange: (event: { target: { value: string } }) => setDraft(event.target.value),
      onBlur: (_: FocusEvent) => {
        if (draft !== null) settle(draft);
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter' && draft !== null) settle(draft);
        if (event.key === 'Escape' && (draft !== null || problem !== null)) {
          event.stopPropagation();
          setDraft(null);
          setProblem(null);
        }
        if (nudge && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
          event.preventDefault();
          const next = nudge(draft ?? text, event.key === 'ArrowUp' ? 1 : -1, event.shiftKey);
          if (next !== null) settle(next);
        }
      },
    },
  };
}
