import type { Design, Json, ScheduledFault } from '../design/types.ts';
import { Columns } from '../lib/columns.ts';
import { RandomStreams } from '../lib/random.ts';
import { seedKey } from '../lib/seed-key.ts';
import { edgeSite, nodeSite, type FaultSite } from './fault-site.ts';
import { resolveFields } from './field-values.ts';
import type { FaultDefinition } from './kind.ts';

/** More in one run than anybody looks at. */
const MOST_FAULTS = 2000;
const MS_PER_MINUTE = 60_000;

/**
 * The random faults of a scenario as planned ones: exponential gaps between them, each at a node or edge that can have
 * one of the faults asked for, all drawn from the seed. The same design and seed give the same faults.
 */
export function chaosFaults({ nodes, edges, scenario }: Design): ScheduledFault[] {
  const { chaos, horizonMs } = scenario;
  if (chaos === undefined || chaos.perMinute === 0) return [];
  const wanted = chaos.faults;
  const isWanted = ({ id, byNameOnly }: FaultDefinition) => (wanted ? wanted.includes(id) : !byNameOnly);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  const all = [
    ...nodes.toSorted(byId).map(nodeSite),
    ...edges.toSorted(byId).map((edge) => edgeSite(edge, nodes)),
  ];
  const sites = all.flatMap((site) => {
    const faults = site.faults.filter(isWanted);
    return faults.length > 0 ? [{ ...site, faults }] : [];
  });
  if (sites.length === 0) return [];
  const random = new RandomStreams(new Columns(), 1);
  random.seed(0, seedKey(scenario.seed), 'scenario', 'chaos');
  const found: ScheduledFault[] = [];
  const gapMs = MS_PER_MINUTE / chaos.perMinute;
  for (let atMs = next(random, 0, gapMs); atMs < horizonMs; atMs = next(random, atMs, gapMs)) {
    if (found.length === MOST_FAULTS) break;
    const site = sites[random.below(0, sites.length)];
    const fault = site.faults[random.below(0, site.faults.length)];
    const place = site.node ? { node: site.node.id } : { edge: site.edge!.id };
    const hasMember = fault.fields.some(({ name }) => name === 'member');
    const args = hasMember ? drawMember(random, site) : {};
    const id = `chaos ${found.length + 1}`;
    found.push({ id, atMs, forMs: chaos.healAfterMs, ...place, fault: fault.id, args });
  }
  return found;
}

/**
 * All faults of a scenario, with the random ones written out: as planned ones they can be changed one by one. The run
 * stays the same. Ids that are taken are passed over.
 */
export function plannedFaults(design: Design): ScheduledFault[] {
  const planned = [...design.scenario.faults];
  const taken = new Set(planned.map(({ id }) => id));
  let number = 0;
  for (const fault of chaosFaults(design)) {
    do number++;
    while (taken.has(`chaos ${number}`));
    planned.push({ ...fault, id: `chaos ${number}` });
  }
  return planned;
}

/** Whole milliseconds, so that an exported scenario says the same. */
function next(random: RandomStreams, atMs: number, gapMs: number): number {
  return Math.ceil(atMs + random.exponential(0) * gapMs);
}

function drawMember(random: RandomStreams, { node }: FaultSite): Record<string, Json> {
  const members = node ? Number(resolveFields(node).members) : 1;
  return { member: 1 + random.below(0, Math.max(1, members)) };
}
