import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { SAMPLE } from '../../simulation/frame/frame-layout.ts';
import type { Colors } from '../look/tokens.ts';
import { linearRange, logRange, sampleAt } from './chart-scale.ts';
import type { Series, Strip } from './strips.ts';

/** A drawn strip. Everything about it happens outside React. */
export interface StripChart {
  /** Draws all samples; returns the value at the top and at the bottom of the scale. */
  draw(samples: readonly Float64Array[], endMs: number): { top: number; bottom: number };
  /** Value of each series at a time, NaN where there is none. */
  valuesAt(ms: number): number[];
  resize(): void;
  destroy(): void;
}

const DASH: Record<Series['dash'], number[] | undefined> = {
  solid: undefined,
  long: [6, 4],
  dots: [1.5, 3.5],
};

/** Puts a chart into an element and keeps it at the element's size when told so. */
export function createStripChart(element: HTMLElement, strip: Strip, colors: Colors): StripChart {
  let endMs = 1;
  let range: [number, number] = strip.log ? [1, 1000] : [0, 1];
  const options: uPlot.Options = {
    ...sizeOf(element),
    padding: [3, 0, 1, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: () => [0, endMs] },
      y: { distr: strip.log ? 3 : 1, range: () => range },
    },
    series: [
      {},
      ...strip.series.map((series) => ({
        stroke: colors[series.color],
        width: 1.75,
        dash: DASH[series.dash],
        cap: series.dash === 'dots' ? ('round' as const) : ('butt' as const),
        fill: series.fill ? `color-mix(in srgb, ${colors[series.color]} 10%, transparent)` : undefined,
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => drawGoals(plot, strip, colors)] },
  };
  const plot = new uPlot(options, emptyData(strip), element);

  return {
    draw(samples, axisEnd) {
      endMs = Math.max(1, axisEnd);
      const data = toColumns(samples, strip);
      const shown = data.slice(1).flatMap((column) => extremes(column as (number | null)[]));
      const bounds = [...shown, ...strip.goals.map((goal) => goal.value)];
      range = strip.log ? logRange(bounds) : linearRange(bounds);
      plot.setData(data);
      return { top: range[1], bottom: range[0] };
    },
    valuesAt(ms) {
      const at = sampleAt(plot.data[0], ms);
      return strip.series.map((_, index) => (at < 0 ? NaN : (plot.data[index + 1][at] ?? NaN)));
    },
    resize: () => plot.setSize(sizeOf(element)),
    destroy: () => plot.destroy(),
  };
}

/** Goals are dotted lines in the colour of success; the sentence stands in the page beside the chart. */
function drawGoals(plot: uPlot, strip: Strip, colors: Colors): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colors.ok;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.lineCap = 'round';
  ctx.setLineDash([devicePixelRatio, 4 * devicePixelRatio]);
  for (const goal of strip.goals) {
    if (strip.log && goal.value <= 0) continue;
    const y = plot.valToPos(goal.value, 'y', true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function toColumns(samples: readonly Float64Array[], strip: Strip): uPlot.AlignedData {
  const times = samples.map((row) => row[SAMPLE.simulatedMs]);
  const columns = strip.series.map((series) =>
    samples.map((row) => {
      const value = row[series.column];
      return Number.isFinite(value) && (!strip.log || value > 0) ? value : null;
    }),
  );
  return [times, ...columns];
}

function emptyData(strip: Strip): uPlot.AlignedData {
  return [[], ...strip.series.map(() => [])];
}

function extremes(column: readonly (number | null)[]): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of column) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high < low ? [] : [low, high];
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) };
}
