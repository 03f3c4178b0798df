import type { FigureRow } from './figure-row.ts';

/** Figures of the moment, measured, with the whole they are part of beside them. */
export function NowTable({ title, rows }: { title: string; rows: readonly FigureRow[] }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <table className="now">
        <tbody>
          {rows.map((row) => (
            <tr key={row.label} title={row.title}>
              <th scope="row">{row.label}</th>
              <td className={row.bad ? 'bad' : undefined} data-testid={row.testId}>
                {row.value}
                {row.beside && <span className="beside"> {row.beside}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
