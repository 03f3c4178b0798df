import { type Design, DESIGN_VERSION, type Scenario } from './types.ts';

/** The scenario of a design that says nothing about it: one minute, no warm-up, seed 7. */
export const DEFAULT_SCENARIO: Scenario = { horizonMs: 60_000, warmUpMs: 0, seed: 7, faults: [] };

/** A design with nothing on its canvas. */
export function newDesign(name = 'Untitled design'): Design {
  return {
    version: DESIGN_VERSION,
    name,
    messageTypes: [],
    nodes: [],
    edges: [],
    groups: [],
    scenario: DEFAULT_SCENARIO,
    goals: [],
    layout: { nodes: [] },
  };
}
