import type { Design, DesignNode, Json, Problem } from '../design/types.ts';
import { showText } from '../design/wording.ts';
import type { EngineLimits } from '../engine/plan.ts';
import { Simulation } from '../engine/simulation.ts';
import { LimitError } from '../lib/limit-error.ts';
import { compileMachine } from '../machines/compile-machine.ts';
import { circuitBreakerMachine } from '../machines/circuit-breaker.machine.ts';
import { groupCoordinatorMachine } from '../machines/group-coordinator.machine.ts';
import { groupMemberMachine } from '../machines/group-member.machine.ts';
import { partitionMachine } from '../machines/partition.machine.ts';
import { publisherConnectionMachine } from '../machines/publisher-connection.machine.ts';
import { resolveEdgeFields } from '../kinds/edge-fields.ts';
import { resolveFields } from '../kinds/field-values.ts';
import { chaosFaults } from '../kinds/chaos-faults.ts';
import { kindDefinition } from '../kinds/registry.ts';
import { RunKinds } from '../kinds/run-kinds.ts';
import { numberOf, partitionRoom, type NodeConfig } from '../kinds/shared/node-config.ts';
import { plannedStages } from '../kinds/consumer-group/retry-stages.ts';
import { ActiveFaults } from './faults/active-faults.ts';
import {
  enginePlan,
  planShape,
  simulatedDesign,
  simulatedEnds,
  type SimulatedDesign,
} from './engine-plan.ts';
import { expectedLoads } from './expected-loads.ts';
import { FrameLayout } from './frame/frame-layout.ts';
import { FrameWriter } from './frame/frame-writer.ts';
import { limitText } from './limit-sentence.ts';
import { roomForPartitions } from './problems/growth-problems.ts';
import { LiveRun } from './live-run.ts';
import { LoadWatch } from './verdict/load-watch.ts';
import { messageTypeOfEdges } from './message-type-of-edges.ts';
import { Observer } from './observer.ts';
import { sizeProblems } from './size-limits.ts';
import { toMicros } from './time.ts';
import { TraceReader, type TracedMachine } from './trace-reader.ts';
import { validate } from './problems/validate.ts';
import { VIOLATION_ACTION, ViolationStop } from './violation-stop.ts';

/** What differs from the scenario of the design. */
export interface CompileOptions {
  seed?: number | string;
  untilMs?: number;
  warmUpMs?: number;
  /** Field values that replace those of the design. */
  overrides?: readonly FieldOverride[];
  /** Keep what a page shows: frames, chart samples, recent percentiles. On unless it is said to be off. */
  observe?: boolean;
  /** Other bounds than usual. */
  limits?: Partial<EngineLimits>;
}

export interface FieldOverride {
  node: string;
  field: string;
  value: Json;
}

/** A run and what there is to say about its design; no run if one of the problems is an error. */
export interface Compiled {
  run: LiveRun | null;
  problems: Problem[];
}

/**
 * Makes a design ready to run. Everything that is wrong with it is said, with its place; nodes of kinds that this
 * version does not know are left out, which is said as well.
 */
export function compile(original: Design, options: CompileOptions = {}): Compiled {
  const { design, problems: overrideProblems } = withOptions(original, options);
  const problems = [...overrideProblems, ...validate(design)];
  if (problems.some((problem) => problem.severity === 'error')) return { run: null, problems };
  const simulated = simulatedDesign(design);
  const configs = nodeConfigs(design, simulated);
  const shape = planShape(
    simulated,
    (node, field) => (field === 'partitions' ? partitionRoom(configs[node]) : numberOf(configs[node], field)),
    (node) => plannedStages(configs[node]),
  );
  const names = simulated.nodes.map((node) => node.name);
  const tooLarge = sizeProblems(shape, configs, names);
  if (tooLarge.length > 0) return { run: null, problems: [...problems, ...tooLarge] };
  try {
    const layout = new FrameLayout(shape);
    return { run: build(design, simulated, configs, layout, problems, options), problems };
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    const message = `The design is too large to run: it needs more than ${limitText(error)}.`;
    return { run: null, problems: [...problems, { severity: 'error', code: 'too-large', message }] };
  }
}

function build(
  design: Design,
  simulated: SimulatedDesign,
  configs: readonly NodeConfig[],
  layout: FrameLayout,
  problems: readonly Problem[],
  { observe = true, limits }: CompileOptions,
): LiveRun {
  const { nodes, edges, indexOf } = simulated;
  const { seed, horizonMs, warmUpMs, faults: scheduled } = design.scenario;
  const sim = new Simulation(enginePlan(simulated, seed, limits));
  const edgeFields = edges.map((edge) => resolveEdgeFields(edge, simulatedEnds(edge, simulated)));
  const kinds = new RunKinds(sim, configs, edgeFields);
  const faults = new ActiveFaults(sim, kinds, simulated);
  const trace = new TraceReader({
    sim,
    nodes,
    edges,
    faults,
    growth: kinds.growth,
    memberMachine,
    nodeMachine,
    breakerMachine,
    partitionMachine: tracedPartition,
    connectionMachine,
  });
  const horizonMicros = toMicros(horizonMs);
  const warmUpMicros = toMicros(warmUpMs);
  const observer = observe ? new Observer(sim, kinds, layout, horizonMicros) : undefined;
  const loads = new LoadWatch(sim, kinds, nodes, expectedLoads(design), horizonMicros, observe);
  const source = { sim, kinds, layout, nodes, edges, indexOf, loads };
  const watch = observer && {
    observer,
    writer: new FrameWriter({
      ...source,
      observer,
      messageTypeOfEdge: messageTypeOfEdges(simulated, configs),
      rebalancing: new Set(rebalancingStates(nodeMachine)),
    }),
  };
  const again = () => build(design, simulated, configs, layout, problems, { observe, limits });
  const parts = { ...source, faults, trace, seed, horizonMicros, warmUpMicros, problems, watch, again };
  const run = new LiveRun(parts);
  const { guarantees } = kinds.consumers.work;
  guarantees.onStop = () => sim.scheduleAction(sim.now, VIOLATION_ACTION);
  sim.onControl = (action) => {
    if (action === VIOLATION_ACTION) throw new ViolationStop();
    faults.act(action);
  };
  if (kinds.growth) kinds.growth.onKnown = (node) => faults.over(node, 'add-partitions');
  kinds.deadLetters.onRedriven = (node) => faults.over(node, 'redrive');
  kinds.producers.spoiled.onSpent = (node) => faults.over(node, 'poison');
  kinds.consumers.faults.onRolled = (node) => faults.over(node, 'rolling');
  faults.schedule([...scheduled, ...chaosFaults(design)]);
  sim.begin(kinds, warmUpMicros);
  observer?.begin();
  loads.begin();
  return run;
}

/** The design with the options put in its place, so that what comes after need not know of them. */
function withOptions(design: Design, options: CompileOptions): { design: Design; problems: Problem[] } {
  const problems: Problem[] = [];
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  for (const { node: id, field, value } of options.overrides ?? []) {
    const node = nodes.get(id);
    const known = node && kindDefinition(node.kind)?.fields.some((candidate) => candidate.name === field);
    if (node && known) nodes.set(id, { ...node, fields: { ...node.fields, [field]: value } });
    else {
      const what = node ? `field ${showText(field)} of ${node.name}` : `node ${showText(id)}`;
      const message = `Found a setting for the ${what}, which does not exist.`;
      problems.push({ severity: 'error', code: 'unknown-setting', message, ...(node ? { node: id } : {}) });
    }
  }
  const { scenario } = design;
  const seed = options.seed ?? scenario.seed;
  const horizonMs = options.untilMs ?? scenario.horizonMs;
  const warmUpMs = options.warmUpMs ?? scenario.warmUpMs;
  return {
    design: {
      ...design,
      nodes: design.nodes.map((node) => nodes.get(node.id) as DesignNode),
      scenario: { ...scenario, seed, horizonMs, warmUpMs },
    },
    problems,
  };
}

function nodeConfigs(design: Design, { nodes, clusterOf }: SimulatedDesign): NodeConfig[] {
  return nodes.map((node) => {
    const fields = resolveFields(node);
    const messageType = design.messageTypes.findIndex((type) => type.id === fields.messageType);
    const cluster = clusterOf.get(node.id);
    const room = roomForPartitions(design, node);
    return { kind: node.kind, id: node.id, fields, messageType: Math.max(0, messageType), cluster, room };
  });
}

const nodeMachine = traced(groupCoordinatorMachine);
const memberMachine = traced(groupMemberMachine);
const breakerMachine = traced(circuitBreakerMachine);
const tracedPartition = traced(partitionMachine);
const connectionMachine = traced(publisherConnectionMachine);

type NodeMachine =
  | typeof groupCoordinatorMachine
  | typeof groupMemberMachine
  | typeof circuitBreakerMachine
  | typeof partitionMachine
  | typeof publisherConnectionMachine;

function traced(machine: NodeMachine): TracedMachine {
  const { name, states } = compileMachine(machine);
  const meaning = states.map((state) => machine.states[state as keyof typeof machine.states].description);
  return { name, states, meaning: meaning.map((text) => text ?? '') };
}

/** While it prepares or completes a rebalance a group has no readers. */
function rebalancingStates({ states }: TracedMachine): number[] {
  return states.flatMap((state, index) => (state.endsWith('-rebalance') ? [index] : []));
}
