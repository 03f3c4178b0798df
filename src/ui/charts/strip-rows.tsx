import { useEffect, useMemo, useRef } from 'react';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { onThemeChange } from '../app/theme.ts';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import { readColors } from '../look/tokens.ts';
import { createStripChart, type StripChart } from './strip-chart.ts';
import { stripsFor, type Series, type Strip } from './strips.ts';

/** Charts are drawn this often at most, in wall milliseconds. */
const DRAW_EVERY_MS = 125;

/**
 * The strips: names and scale at the left, the line in the middle, the figures under the scrub head at the right. The
 * charts and figures draw themselves from the samples on their own clock; React only builds the rows.
 */
export function StripRows({ previewMs, endMs }: { previewMs: number | null; endMs: number }) {
  const shape = useRun((run) => run.shape);
  const design = useDesign((state) => state.design);
  const selected = useDesign((state) => state.selection.nodes);
  const strips = useMemo(
    () => (shape ? stripsFor(design, shape, selected) : []),
    // Moving a card or renaming what is not shown gives equal strips, and building them is cheap.
    [design, shape, selected],
  );
  // The charts are made anew only when what they show has changed.
  const key = JSON.stringify(strips);
  return <Rows key={key} strips={strips} previewMs={previewMs} endMs={endMs} />;
}

/** What the charts look at: written by React, read at the next drawing. */
interface Look {
  previewMs: number | null;
  endMs: number;
  redraw: () => void;
}

interface RowParts {
  plot: HTMLDivElement;
  top: HTMLElement;
  bottom: HTMLElement;
  values: HTMLElement[];
}

interface RowsProps {
  strips: readonly Strip[];
  /** Time under the hand that drags the head, null when the run's own time counts. */
  previewMs: number | null;
  endMs: number;
}

function Rows({ strips, previewMs, endMs }: RowsProps) {
  const studio = useStudio();
  const root = useRef<HTMLDivElement>(null);
  const look = useRef<Look>({ previewMs, endMs, redraw: () => {} });

  useEffect(() => {
    if (root.current) return startCharts(studio, root.current, strips, look.current);
    // The rows are built anew for other strips, by their key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [studio]);
  useEffect(() => {
    Object.assign(look.current, { previewMs, endMs });
    look.current.redraw();
  }, [previewMs, endMs]);

  return (
    <div ref={root} className="strips">
      {strips.map((strip) => (
        <div className="dock-row strip-row" key={strip.id}>
          <div className="label">
            <b>{strip.title}</b>
            <small>{strip.note}</small>
            <i data-part="top" />
            <i data-part="bottom" />
          </div>
          <div className="strip">
            <div className="plot" data-part="plot" role="img" aria-label={`${strip.title} over time`} />
            {strip.goals[0] && <span className="goal-text">{strip.goals[0].text}</span>}
          </div>
          <div className="values">
            {strip.series.map((series) => (
              <div key={series.label}>
                <b data-part="value">–</b>
                <span>
                  <Swatch series={series} />
                  <span className="series-name" title={series.label}>
                    {series.label}
                  </span>
                </span>
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

/** A piece of the line itself, so that no legend is needed. */
function Swatch({ series }: { series: Series }) {
  const dash = { solid: undefined, long: '5 3', dots: '2 2.5' }[series.dash];
  return (
    <svg viewBox="0 0 12 3" width={12} height={3} aria-hidden>
      <path
        d="M0 1.5h12"
        fill="none"
        style={{ stroke: `var(--${series.color})` }}
        strokeWidth={2}
        strokeDasharray={dash}
      />
    </svg>
  );
}

function startCharts(
  studio: ReturnType<typeof useStudio>,
  root: HTMLElement,
  strips: readonly Strip[],
  look: Look,
): () => void {
  const rows = [...root.querySelectorAll<HTMLElement>('.strip-row')].map(partsOf);
  let charts: StripChart[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawnAt = -Infinity;

  const draw = () => {
    timer = undefined;
    drawnAt = performance.now();
    const { samples, latest } = studio.frames;
    const head = look.previewMs ?? (latest ? latest.data[HEADER.simulatedMs] : 0);
    charts.forEach((chart, index) => {
      const { top, bottom } = chart.draw(samples, look.endMs);
      const { format } = strips[index];
      const row = rows[index];
      row.top.textContent = format(top);
      row.bottom.textContent = format(bottom);
      chart.valuesAt(head).forEach((value, at) => (row.values[at].textContent = format(value)));
    });
  };
  const drawSoon = () => {
    timer ??= setTimeout(draw, Math.max(0, drawnAt + DRAW_EVERY_MS - performance.now()));
  };
  const build = () => {
    for (const chart of charts) chart.destroy();
    const colors = readColors(document.documentElement);
    charts = strips.map((strip, index) => createStripChart(rows[index].plot, strip, colors));
    draw();
  };

  build();
  look.redraw = drawSoon;
  const stopFrames = studio.frames.subscribe(drawSoon);
  const stopTheme = onThemeChange(build);
  const sizes = new ResizeObserver(() => {
    for (const chart of charts) chart.resize();
  });
  for (const row of rows) sizes.observe(row.plot);
  return () => {
    clearTimeout(timer);
    stopFrames();
    stopTheme();
    sizes.disconnect();
    look.redraw = () => {};
    for (const chart of charts) chart.destroy();
  };
}

function partsOf(row: HTMLElement): RowParts {
  const part = (name: string) => [...row.querySelectorAll<HTMLElement>(`[data-part="${name}"]`)];
  return {
    plot: part('plot')[0] as HTMLDivElement,
    top: part('top')[0],
    bottom: part('bottom')[0],
    values: part('value'),
  };
}
