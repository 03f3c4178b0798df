import { useEffect, useState } from 'react';
import { exceptionSentences } from './state-words.ts';
import { useStudio } from './studio-context.tsx';

/** How often new exceptions are looked for, and how long one stays before it may be said again, in wall ms. */
const LOOK_EVERY_MS = 1000;
const REPEAT_AFTER_MS = 10_000;

/** Says new exceptions to assistive technology in one polite region, such as "warehouse is full." */
export function ExceptionAnnouncer() {
  const studio = useStudio();
  const [text, setText] = useState('');
  useEffect(() => {
    const saidAt = new Map<string, number>();
    const timer = setInterval(() => {
      const { latest } = studio.frames;
      if (!latest || studio.runs.getState().session !== 'running') return;
      const { design } = studio.designs.getState();
      const sentences = exceptionSentences(design.nodes, latest, studio.runs.getState().activeFaults);
      const now = performance.now();
      const fresh = [...sentences.values()].filter(
        (sentence) => now - (saidAt.get(sentence) ?? -Infinity) > REPEAT_AFTER_MS,
      );
      for (const sentence of sentences.values()) saidAt.set(sentence, now);
      if (fresh.length > 0) setText(fresh.slice(0, 3).join(' '));
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [studio]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
