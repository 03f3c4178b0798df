import type { Design, DesignEdge, DesignNode, Json } from '../design/types.ts';
import { edgeFieldsOf, endsOf } from '../kinds/edge-fields.ts';
import { kindDefinition } from '../kinds/registry.ts';

/** What a change of the design means for the run that is under way. */
export type SyncDecision =
  /** Names, places, labels, groups, goals: the run does not know them. */
  | { type: 'nothing' }
  /** Each takes effect at the present simulated time. */
  | { type: 'set-fields'; changes: readonly FieldChange[] }
  /** The run has to start anew; `reason` is the sentence that says so. */
  | { type: 'restart'; reason: string };

export interface FieldChange {
  node: string;
  field: string;
  value: Json;
}

/** Compares what a run was made of with the design now. */
export function decideSync(before: Design, after: Design): SyncDecision {
  if (before === after) return { type: 'nothing' };
  const reason =
    nodesReason(before.nodes, after.nodes) ??
    edgesReason(before.edges, after.edges) ??
    edgeFieldsReason(before, after) ??
    scenarioReason(before, after) ??
    messageTypesReason(before, after);
  if (reason !== null) return { type: 'restart', reason };
  return decideFields(before, after);
}

function nodesReason(before: readonly DesignNode[], after: readonly DesignNode[]): string | null {
  if (before === after) return null;
  const old = byId(before);
  const added = after.find(({ id }) => !old.has(id));
  if (added) return restarts(`Adding “${added.name}”`);
  const now = byId(after);
  const removed = before.find(({ id }) => !now.has(id));
  if (removed) return restarts(`Removing “${removed.name}”`);
  const changed = after.find((node) => old.get(node.id)?.kind !== node.kind);
  return changed ? restarts(`Changing the kind of “${changed.name}”`) : null;
}

function edgesReason(before: readonly DesignEdge[], after: readonly DesignEdge[]): string | null {
  if (before === after) return null;
  const joints = (edges: readonly DesignEdge[]) =>
    new Set(
      edges.map(({ id, from, fromPort, to, toPort }) => JSON.stringify([id, from, fromPort, to, toPort])),
    );
  const old = joints(before);
  const now = joints(after);
  if ([...now].some((joint) => !old.has(joint))) return restarts('Adding a connection');
  return [...old].some((joint) => !now.has(joint)) ? restarts('Removing a connection') : null;
}

/** What an edge says of itself is part of how a run is built. */
function edgeFieldsReason(before: Design, after: Design): string | null {
  if (before.edges === after.edges) return null;
  const old = new Map(before.edges.map((edge) => [edge.id, edge]));
  const nodes = byId(after.nodes);
  for (const edge of after.edges) {
    const was = old.get(edge.id);
    if (!was || was.fields === edge.fields) continue;
    const changed = edgeFieldsOf(edge, endsOf(edge, nodes)).find(({ name, default: otherwise }) => {
      return !same(was.fields?.[name] ?? otherwise, edge.fields?.[name] ?? otherwise);
    });
    if (changed) return restarts(`Changing ${changed.label.toLowerCase()}`, changed.whyRestart);
  }
  return null;
}

function scenarioReason({ scenario: before }: Design, { scenario: after }: Design): string | null {
  if (before === after) return null;
  if (before.seed !== after.seed) return restarts('Changing the seed');
  if (before.horizonMs !== after.horizonMs) return restarts('Changing how long it runs');
  if (before.warmUpMs !== after.warmUpMs) return restarts('Changing the warm-up');
  if (!same(before.chaos, after.chaos)) return restarts('Changing the random faults');
  return same(before.faults, after.faults) ? null : restarts('Changing the planned faults');
}

/** Frames name a message type by its place in the list. */
function messageTypesReason(before: Design, after: Design): string | null {
  const ids = (design: Design) => design.messageTypes.map(({ id }) => id);
  return same(ids(before), ids(after)) ? null : restarts('Changing the message types');
}

function decideFields(before: Design, after: Design): SyncDecision {
  const old = byId(before.nodes);
  const changes: FieldChange[] = [];
  for (const node of after.nodes) {
    const was = old.get(node.id);
    if (!was || was.fields === node.fields) continue;
    // A kind that this version does not know is not simulated, and neither is a field that the kind does not have.
    for (const field of kindDefinition(node.kind)?.fields ?? []) {
      const value = node.fields[field.name] ?? field.default;
      if (same(was.fields[field.name] ?? field.default, value)) continue;
      if (!field.live) {
        return {
          type: 'restart',
          reason: restarts(`Changing ${field.label.toLowerCase()}`, field.whyRestart),
        };
      }
      changes.push({ node: node.id, field: field.name, value });
    }
  }
  return changes.length === 0 ? { type: 'nothing' } : { type: 'set-fields', changes };
}

function restarts(change: string, why?: string): string {
  return `${change} restarts the run${why === undefined ? '' : `, ${why}`}.`;
}

function byId(nodes: readonly DesignNode[]): Map<string, DesignNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

/** Equal as JSON, whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}
