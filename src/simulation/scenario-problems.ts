import { LIMITS } from '../design/limits.ts';
import type { Design, Problem } from '../design/types.ts';
import { showText } from '../design/wording.ts';
import { writeDuration } from '../kinds/quantities.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { validateFaultArgs } from './fault-args.ts';

/** What is wrong with the times and the faults of the scenario. */
export function scenarioProblems(design: Design): Problem[] {
  const { horizonMs, warmUpMs, faults } = design.scenario;
  const problems: Problem[] = [];
  const error = (code: string, path: string, message: string, node?: string) =>
    problems.push({ severity: 'error', code, message, path: `scenario.${path}`, ...(node ? { node } : {}) });
  if (!(horizonMs > 0 && horizonMs <= LIMITS.horizonMs)) {
    const expected = `more than 0 ms and at most ${writeDuration(LIMITS.horizonMs)}`;
    error(
      'bad-horizon',
      'horizonMs',
      `The run's length: found ${showTime(horizonMs)}, expected ${expected}.`,
    );
  } else if (!(warmUpMs >= 0 && warmUpMs < horizonMs)) {
    const expected = `0 ms or more and less than the run's length of ${showTime(horizonMs)}`;
    error('warm-up-too-long', 'warmUpMs', `The warm-up: found ${showTime(warmUpMs)}, expected ${expected}.`);
  }
  faults.forEach((fault, at) => {
    const node = design.nodes.find((candidate) => candidate.id === fault.node);
    const path = `faults[${at}]`;
    if (!node) {
      const message = `The scheduled fault ${showText(fault.id)} names the node ${showText(fault.node)}, which does not exist.`;
      return error('fault-without-node', path, message);
    }
    if (!kindDefinition(node.kind)) return;
    const found = validateFaultArgs(node, fault.fault, fault.args);
    if (found) error(found.code, path, found.message, node.id);
    if (!(fault.atMs >= 0))
      error(
        'bad-fault-time',
        path,
        `${node.name}: found a fault at ${fault.atMs} ms, expected 0 ms or later.`,
        node.id,
      );
    if (fault.forMs !== undefined && !(fault.forMs > 0)) {
      error(
        'bad-fault-time',
        path,
        `${node.name}: found a fault for ${fault.forMs} ms, expected longer than 0 ms.`,
        node.id,
      );
    }
    if (fault.atMs >= horizonMs) {
      const message = `The fault of ${node.name} at ${showTime(fault.atMs)} never happens: the run ends at ${showTime(horizonMs)}.`;
      problems.push({
        severity: 'warning',
        code: 'fault-after-end',
        message,
        path: `scenario.${path}`,
        node: node.id,
      });
    }
  });
  return problems;
}

function showTime(ms: number): string {
  return Number.isFinite(ms) ? writeDuration(ms) : String(ms);
}
