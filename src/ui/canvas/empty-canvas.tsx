import { useStudio } from '../app/studio-context.tsx';
import { KINDS } from '../../kinds/registry.ts';
import { KindTile } from '../look/glyph.tsx';
import { placeInView } from './placing.ts';

/** The three kinds that make the shortest design that does something. */
const GHOSTS = ['sources', 'channels', 'processing'] as const;

/** What an empty canvas shows: a design in outline, and the two ways to begin. */
export function EmptyCanvas() {
  const studio = useStudio();
  const first = KINDS[0];
  return (
    <div className="empty-canvas">
      <div className="ghosts" aria-hidden>
        {GHOSTS.map((family) => {
          const definition = KINDS.find((one) => one.family === family);
          return (
            definition && (
              <span className="ghost" key={family}>
                <KindTile family={family} glyph={definition.glyph} outlined />
                {definition.name}
              </span>
            )
          );
        })}
      </div>
      <p>
        Press <kbd className="kbd">P</kbd> to place a {first.name.toLowerCase()}, or open an example.
      </p>
      <div className="ways">
        <button type="button" className="btn line" onClick={() => placeInView(studio, first.kind)}>
          Place a {first.name.toLowerCase()}
        </button>
        <button type="button" className="btn line" onClick={() => studio.view.setState({ panel: 'gallery' })}>
          Open an example
        </button>
      </div>
    </div>
  );
}
