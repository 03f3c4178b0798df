import { LIMITS } from '../../design/limits.ts';
import type { Design, DesignEdge, Goal, Problem, ScheduledFault } from '../../design/types.ts';
import { groupDigits, showText, showValue } from '../../design/wording.ts';
import { siteOf } from '../../kinds/fault-site.ts';
import { writeDuration } from '../../kinds/quantities.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { validateFaultArgs } from '../faults/fault-args.ts';
import { growthProblems } from './growth-problems.ts';

/** What is wrong with the times, the seed, the faults and the goals that a run is given. */
export function scenarioProblems(design: Design): Problem[] {
  return [
    ...timeProblems(design),
    ...seedProblems(design),
    ...chaosProblems(design),
    ...design.scenario.faults.flatMap((fault, at) => faultProblems(design, fault, `scenario.faults[${at}]`)),
    ...growthProblems(design),
    ...design.goals.flatMap((goal, at) => goalProblems(goal, `goals[${at}]`)),
  ];
}

function timeProblems({ scenario: { horizonMs, warmUpMs } }: Design): Problem[] {
  if (!isTime(horizonMs) || horizonMs === 0) {
    const expected = `more than 0 ms and at most ${writeDuration(LIMITS.horizonMs)}`;
    const message = `The run's length: found ${showTime(horizonMs)}, expected ${expected}.`;
    return [error('bad-horizon', message, 'scenario.horizonMs')];
  }
  if (isTime(warmUpMs) && warmUpMs < horizonMs) return [];
  const expected = `0 ms or more and less than the run's length of ${showTime(horizonMs)}`;
  const message = `The warm-up: found ${showTime(warmUpMs)}, expected ${expected}.`;
  return [error('warm-up-too-long', message, 'scenario.warmUpMs')];
}

/** Any text is a seed, and any number that JSON can hold. */
function seedProblems({ scenario: { seed } }: Design): Problem[] {
  if (typeof seed === 'string' || Number.isFinite(seed)) return [];
  return [
    error(
      'bad-seed',
      `The seed: found ${showValue(seed)}, expected text or a finite number.`,
      'scenario.seed',
    ),
  ];
}

function chaosProblems({ scenario: { chaos } }: Design): Problem[] {
  if (chaos === undefined) return [];
  const most = LIMITS.chaosPerMinute;
  const { perMinute, healAfterMs } = chaos;
  const problems: Problem[] = [];
  if (!(perMinute >= 0 && perMinute <= most)) {
    const message = `The random faults: found ${showValue(perMinute)} a minute, expected 0 to ${most}.`;
    problems.push(error('bad-chaos', message, 'scenario.chaos.perMinute'));
  }
  if (!isTime(healAfterMs) || healAfterMs === 0) {
    const expected = `more than 0 ms and at most ${writeDuration(LIMITS.horizonMs)}`;
    const message = `The random faults: found them healed after ${showTime(healAfterMs)}, expected ${expected}.`;
    problems.push(error('bad-chaos', message, 'scenario.chaos.healAfterMs'));
  }
  return problems;
}

function faultProblems(design: Design, fault: ScheduledFault, path: string): Problem[] {
  const site = siteOf(fault, design);
  if (!site) {
    const named =
      fault.edge === undefined ? `node ${showText(fault.node ?? '')}` : `edge ${showText(fault.edge)}`;
    const message = `The scheduled fault ${showText(fault.id)} names the ${named}, which does not exist.`;
    return [error('fault-without-node', message, path)];
  }
  if (site.node ? !kindDefinition(site.node.kind) : hasUnknownEnd(design, site.edge!)) return [];
  const place = site.node ? { node: site.node.id } : { edge: site.edge!.id };
  const { atMs, forMs } = fault;
  const { horizonMs } = design.scenario;
  const problems: Problem[] = [];
  const found = validateFaultArgs(site, fault.fault, fault.args);
  if (found) problems.push({ ...found, path: found.path === undefined ? path : `${path}.${found.path}` });
  const most = writeDuration(LIMITS.horizonMs);
  if (!isTime(atMs)) {
    const message = `${site.name}: found a fault at ${showTime(atMs)}, expected 0 ms to ${most}.`;
    problems.push({ ...error('bad-fault-time', message, `${path}.atMs`), ...place });
  } else if (atMs >= horizonMs) {
    const message = `The fault of ${site.name} at ${showTime(atMs)} never happens: the run ends at ${showTime(horizonMs)}.`;
    problems.push({ severity: 'warning', code: 'fault-after-end', message, path, ...place });
  }
  if (forMs !== undefined && (!isTime(forMs) || forMs === 0)) {
    const message = `${site.name}: found a fault for ${showTime(forMs)}, expected longer than 0 ms and at most ${most}.`;
    problems.push({ ...error('bad-fault-time', message, `${path}.forMs`), ...place });
  }
  return problems;
}

/** An edge to or from a node of a kind that this version does not know is not simulated. */
function hasUnknownEnd({ nodes }: Design, edge: DesignEdge): boolean {
  const ends = nodes.filter(({ id }) => id === edge.from || id === edge.to);
  return ends.some(({ kind }) => !kindDefinition(kind));
}

function goalProblems(goal: Goal, path: string): Problem[] {
  return (['atMost', 'atLeast'] as const).flatMap((bound) => {
    const value = goal[bound];
    if (value === undefined || Number.isFinite(value)) return [];
    const message = `The goal for ${goal.figure}: found ${showValue(value)} as its bound, expected a finite number.`;
    return [error('bad-goal', message, `${path}.${bound}`, goal.node)];
  });
}

/** A time that a run can have; the document says it is a number, but an edit or an import may have put anything. */
function isTime(ms: unknown): boolean {
  return typeof ms === 'number' && ms >= 0 && ms <= LIMITS.horizonMs;
}

function showTime(ms: unknown): string {
  return typeof ms === 'number' && Number.isFinite(ms) ? groupDigits(writeDuration(ms)) : showValue(ms);
}

function error(code: string, message: string, path: string, node?: string): Problem {
  return { severity: 'error', code, message, path, ...(node === undefined ? {} : { node }) };
}
