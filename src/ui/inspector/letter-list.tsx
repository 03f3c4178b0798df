import './letters.css';
import { useEffect } from 'react';
import type { DesignNode } from '../../design/types.ts';
import type { Letter } from '../../simulation/run.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { clockTime, count } from '../look/figures.ts';
import { askToBreak } from './break-request.ts';

/** The newest letters of a dead-letter queue: when, why, after how many tries, and where they came from. */
export function LetterList({ node }: { node: DesignNode }) {
  const studio = useStudio();
  const frame = useFrameTick(2);
  const letters = useRun((run) => run.letters);
  useEffect(() => {
    if (frame) studio.run.browse(node.id);
  }, [studio, node.id, frame]);
  if (!frame || letters?.node !== node.id || letters.rows.length === 0) return null;
  return (
    <section aria-label="Newest letters">
      <h2>Newest letters</h2>
      <div className="actions">
        <button type="button" className="btn line" onClick={() => askToBreak(studio, node.id, 'redrive')}>
          Redrive…
        </button>
      </div>
      <table className="letters">
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">No.</th>
            <th scope="col">Why</th>
            <th scope="col">From</th>
          </tr>
        </thead>
        <tbody>
          {letters.rows.map((letter) => (
            <LetterRow key={`${letter.message} ${letter.atMs} ${letter.from}`} letter={letter} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LetterRow({ letter }: { letter: Letter }) {
  const nodes = useDesign((state) => state.design.nodes);
  const name = (id: string) => nodes.find((node) => node.id === id)?.name ?? id;
  const { from, source, tries } = letter;
  const marks = [letter.redriven ? 'redriven before' : '', letter.poison ? 'poison' : ''].filter(Boolean);
  // One death is what the reason says already.
  const deaths = letter.deaths.length > 1 || letter.deaths[0]?.times > 1 ? letter.deaths : [];
  const died = deaths.map(({ queue, reason, times }) => `${reason} in ${name(queue)} ${count(times)}×`);
  return (
    <tr>
      <td>{clockTime(letter.atMs)}</td>
      <td>{count(letter.message)}</td>
      <td>
        {letter.reason}
        {tries > 0 && <span className="beside">{`${tries} ${tries === 1 ? 'try' : 'tries'}`}</span>}
        {marks.length > 0 && <span className="beside">{marks.join(', ')}</span>}
        {died.length > 0 && (
          <span className="beside" title="x-death, the latest first">
            {died.join(', ')}
          </span>
        )}
      </td>
      <td>
        {name(from)}
        {source !== from && <span className="beside">read {name(source)}</span>}
      </td>
    </tr>
  );
}
