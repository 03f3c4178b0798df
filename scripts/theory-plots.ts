import { THEORY_LOADS, THEORY_MODELS, type TheoryModel } from '../src/testing/theory-cases.ts';
import { MOST_Z, type Finding } from '../src/testing/theory-check.ts';
import { box, dot, label, path, svgPage } from './svg-page.ts';
import { drawPanel, type Curve } from './theory-panel.ts';

/** The drawings of the page "How we know", as files below docs/images. */
export function theoryPlots(findings: readonly Finding[]): { name: string; svg: string }[] {
  return [
    { name: 'theory-wait', svg: waitPlot(findings) },
    { name: 'theory-networks', svg: networkPlot(findings) },
    { name: 'theory-percentiles', svg: percentilePlot(findings) },
    { name: 'theory-error', svg: errorPlot(findings) },
    { name: 'theory-z', svg: zPlot(findings) },
  ];
}

const KEY =
  'Lines: theory. Points: measured, with 95 % intervals (mostly hidden). Loads spaced by idle time left.';

function waitPlot(findings: readonly Finding[]): string {
  const names = ['M/LN/1', 'M/M/1', 'M/E3/1', 'M/D/1', 'M/M/4'];
  const panel = drawPanel(
    {
      left: 64,
      top: 72,
      width: 650,
      height: 360,
      title: 'How long a message waits',
      axis: 'mean wait in service times, logarithmic',
      from: 0.005,
      to: 50,
      ticks: [0.01, 0.1, 1, 10],
      curves: names.map((name) => curve(name, 'wait, s')),
    },
    findings,
  );
  return svgPage(800, 500, 'Mean wait against load, theory and measured', panel + label(64, 476, KEY));
}

function networkPlot(findings: readonly Finding[]): string {
  const shared = { top: 72, width: 270, height: 320 };
  const networks = drawPanel(
    {
      ...shared,
      left: 64,
      title: 'From end to end of a network',
      axis: 'mean time in system in seconds, logarithmic',
      from: 1.5,
      to: 100,
      ticks: [2, 5, 10, 20, 50],
      curves: ['Jackson', 'Tandem', 'Retries later', 'Feedback'].map((name) =>
        curve(name, 'time in system, s'),
      ),
    },
    findings,
  );
  const shares = drawPanel(
    {
      ...shared,
      left: 524,
      title: 'What does not fit, what is given up',
      axis: 'share of messages, logarithmic',
      from: 0.0006,
      to: 0.5,
      ticks: [0.001, 0.01, 0.1],
      curves: [
        curve('Erlang B', 'Erlang’s B'),
        curve('M/M/1/5', 'share lost', 'lost, M/M/1/5'),
        curve('Dead letters', 'share given up', 'given up'),
      ],
    },
    findings,
  );
  const says = 'Time in networks and shares lost against load, theory and measured';
  return svgPage(900, 460, says, networks + shares + label(64, 436, KEY));
}

function percentilePlot(findings: readonly Finding[]): string {
  const shared = { top: 72, width: 290, height: 320, axis: 'time in system in seconds, logarithmic' };
  const names = ['p99', 'p95', 'p50'];
  const curvesOf = (model: string) => names.map((name) => curve(model, `${name} of time in system, s`, name));
  const single = { left: 64, title: 'Percentiles of M/M/1', from: 0.8, to: 200, ticks: [1, 10, 100] };
  const row = { left: 510, title: 'Percentiles of three in a row', from: 3, to: 300, ticks: [10, 100] };
  const panels =
    drawPanel({ ...shared, ...single, curves: curvesOf('M/M/1') }, findings) +
    drawPanel({ ...shared, ...row, curves: curvesOf('Tandem') }, findings);
  return svgPage(860, 460, 'Percentiles against load, theory and measured', panels + label(64, 436, KEY));
}

function curve(model: string, what: string, name = model): Curve {
  return { model: THEORY_MODELS.find((candidate) => candidate.name === model) as TheoryModel, what, name };
}

const COLUMNS = 5;
const CELL = { left: 60, top: 80, width: 168, height: 170 };

/** A panel a model: how far the measured mean is from theory in percent, with its 95 % interval. */
function errorPlot(findings: readonly Finding[]): string {
  const first = findings.filter(({ isFirst }) => isFirst);
  const ends = first.flatMap(({ exact, measured }) => [measured.low / exact - 1, measured.high / exact - 1]);
  const percent = Math.ceil(Math.max(...ends.map(Math.abs)) * 100);
  const parts = [
    label(24, 36, 'Measured against exact', 'title'),
    label(
      24,
      54,
      `difference in percent with its 95 % interval; from left to right the loads ${THEORY_LOADS.join(', ')}`,
    ),
  ];
  THEORY_MODELS.forEach(({ name }, at) => {
    const left = CELL.left + (at % COLUMNS) * CELL.width;
    const top = CELL.top + Math.floor(at / COLUMNS) * CELL.height;
    parts.push(
      errorCell(
        left,
        top,
        percent,
        first.filter(({ model }) => model === name),
      ),
    );
  });
  const rows = Math.ceil(THEORY_MODELS.length / COLUMNS);
  const says =
    'Difference between measured and exact figures in percent, with 95 % intervals, for each model';
  const width = CELL.left + COLUMNS * CELL.width;
  return svgPage(width, CELL.top + rows * CELL.height, says, parts.join(''));
}

function errorCell(left: number, top: number, percent: number, findings: readonly Finding[]): string {
  const [width, height] = [CELL.width - 24, CELL.height - 64];
  const middle = top + 40 + height / 2;
  const y = (share: number) => middle - ((share * 100) / percent) * (height / 2);
  const parts = [
    label(left, top + 12, findings[0].model, 'name'),
    label(left, top + 28, findings[0].what.replace(/, s$/, '')),
  ];
  for (const share of [-percent, 0, percent]) {
    const level = y(share / 100);
    parts.push(
      path(
        [
          [left, level],
          [left + width, level],
        ],
        share === 0 ? 'exact' : 'rule',
      ),
    );
    if (left === CELL.left) parts.push(label(left - 8, level + 4, minus(share), 'end'));
  }
  for (const { load, exact, measured } of findings) {
    const x = left + ((THEORY_LOADS.indexOf(load) + 0.5) / THEORY_LOADS.length) * width;
    const [low, mean, high] = [measured.low, measured.mean, measured.high].map((value) =>
      y(value / exact - 1),
    );
    parts.push(
      path(
        [
          [x, low],
          [x, high],
        ],
        'interval',
      ),
      dot(x, mean, 3.5, 'measured'),
    );
  }
  return parts.join('');
}

function minus(value: number): string {
  return String(value).replace('-', '−');
}

const ROW = 26;
const BIN = 0.5;

/** A row of dots a model, and above them how many lie where, against the normal law. */
function zPlot(findings: readonly Finding[]): string {
  const first = findings.filter(({ isFirst }) => isFirst);
  const [left, right, top] = [190, 760, 84];
  const [hill, rows] = [120, THEORY_MODELS.length * ROW];
  const x = (z: number) => (left + right) / 2 + (z / 5) * ((right - left) / 2);
  const ground = top + hill;
  const bottom = ground + 20 + rows;
  const parts = [
    label(24, 36, 'Standard errors between measured and exact', 'title'),
    label(
      24,
      54,
      'a point a load; if the engine is right, they lie as the curve says, 95 % of them in the shaded part',
    ),
    box(x(-1.96), top, x(1.96) - x(-1.96), bottom - top, 'bed'),
    ...[-MOST_Z, MOST_Z].map((z) =>
      path(
        [
          [x(z), top],
          [x(z), bottom],
        ],
        'limit',
      ),
    ),
    path(
      [
        [x(0), top],
        [x(0), bottom],
      ],
      'rule',
    ),
  ];
  const most = (0.3989 * BIN * first.length + 4) * 1.35;
  const y = (count: number) => ground - (count / most) * hill;
  for (let from = -5; from < 5; from += BIN) {
    const count = first.filter(({ z }) => z >= from && z < from + BIN).length;
    if (count > 0)
      parts.push(box(x(from) + 1, y(count), x(from + BIN) - x(from) - 2, ground - y(count), 'bar'));
  }
  const bell = Array.from({ length: 101 }, (_, at) => (at - 50) / 10);
  const expected = (z: number) => 0.39894 * Math.exp(-(z * z) / 2) * BIN * first.length;
  parts.push(
    path(
      bell.map((z) => [x(z), y(expected(z))]),
      'exact',
    ),
  );
  THEORY_MODELS.forEach(({ name }, at) => {
    const middle = ground + 20 + (at + 0.5) * ROW;
    parts.push(label(left - 12, middle + 4, name, 'name end'));
    parts.push(
      path(
        [
          [left, middle],
          [right, middle],
        ],
        'rule',
      ),
    );
    for (const { z } of first.filter(({ model }) => model === name))
      parts.push(dot(x(Math.max(-5, Math.min(5, z))), middle, 5, 'measured'));
  });
  for (const z of [-4, -2, 0, 2, 4]) parts.push(label(x(z), bottom + 20, minus(z), 'middle'));
  const says =
    'Standard errors between measured and exact figures for each model, and their distribution against the normal law';
  return svgPage(800, bottom + 40, says, parts.join(''));
}
