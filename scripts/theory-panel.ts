import type { Finding } from '../src/testing/theory-check.ts';
import { THEORY_LOADS, type TheoryModel } from '../src/testing/theory-cases.ts';
import { dot, label, path } from './svg-page.ts';

/**
 * A part of a drawing: a figure upwards on a logarithmic scale, load to the right, spaced by the logarithm of what is
 * left of the workers' time, as most happens where little is left.
 */
export interface Panel {
  left: number;
  top: number;
  width: number;
  height: number;
  title: string;
  /** What the figure is, with its unit and scale. */
  axis: string;
  from: number;
  to: number;
  ticks: readonly number[];
  curves: readonly Curve[];
}

/** One figure of a model: theory draws a line, findings put points on it. */
export interface Curve {
  model: TheoryModel;
  what: string;
  name: string;
}

const LOWEST_LOAD = 0.25;
const HIGHEST_LOAD = 0.96;
const CURVE_POINTS = 120;
/** Between two names at the right. */
const NAME_GAP = 15;

/** Theory as lines with their names at the end, measured means as points with 95 % intervals. */
export function drawPanel(panel: Panel, findings: readonly Finding[]): string {
  const { left, top, width, height, title, axis, ticks, curves } = panel;
  const bottom = top + height;
  const x = (load: number) => left + (spareTime(load) / spareTime(HIGHEST_LOAD)) * width;
  const y = (value: number) =>
    bottom - (Math.log(value / panel.from) / Math.log(panel.to / panel.from)) * height;
  const parts = [label(left - 40, top - 34, title, 'title'), label(left - 40, top - 16, axis)];
  for (const tick of ticks) {
    parts.push(
      path(
        [
          [left, y(tick)],
          [left + width, y(tick)],
        ],
        'rule',
      ),
    );
    parts.push(label(left - 8, y(tick) + 4, String(tick), 'end'));
  }
  for (const load of THEORY_LOADS) parts.push(label(x(load), bottom + 20, String(load), 'middle'));
  parts.push(label(left + width + 8, bottom + 20, 'load'));
  for (const { model, what } of curves) {
    const step = (HIGHEST_LOAD - LOWEST_LOAD) / CURVE_POINTS;
    const loads = Array.from({ length: CURVE_POINTS + 1 }, (_, at) => LOWEST_LOAD + at * step);
    parts.push(
      path(
        loads.map((load) => [x(load), y(exactly(model, what, load))]),
        'exact',
      ),
    );
  }
  for (const { model, what } of curves) {
    for (const { load, measured } of findings.filter(
      (one) => one.model === model.name && one.what === what,
    )) {
      parts.push(
        path(
          [
            [x(load), y(measured.low)],
            [x(load), y(measured.high)],
          ],
          'interval',
        ),
      );
      parts.push(dot(x(load), y(measured.mean), 4.5, 'measured'));
    }
  }
  const ends = curves.map(({ model, what, name }) => ({
    name,
    at: y(exactly(model, what, HIGHEST_LOAD)) + 4,
  }));
  for (const { name, at } of apart(ends)) parts.push(label(left + width + 8, at, name, 'name'));
  return parts.join('');
}

/** From the lowest load on, how many times the workers' spare time has shrunk, as a logarithm. */
function spareTime(load: number): number {
  return Math.log((1 - LOWEST_LOAD) / (1 - load));
}

function exactly(model: TheoryModel, what: string, load: number): number {
  return model.at(load).figures.find((figure) => figure.what === what)!.exact;
}

/** The same names from top to bottom, none closer to the one above than can be read. */
function apart<Name extends { at: number }>(names: readonly Name[]): Name[] {
  const placed: Name[] = [];
  for (const name of names.toSorted((a, b) => a.at - b.at)) {
    const above = placed.at(-1);
    placed.push({ ...name, at: above ? Math.max(name.at, above.at + NAME_GAP) : name.at });
  }
  return placed;
}
