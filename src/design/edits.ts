import type { DesignEdge, DesignGroup, DesignNode, Goal, Json, MessageType, NodePlace, ScheduledFault } from './types.ts';

/**
 * A change of a design, as a value that survives JSON. `applyEdit` gives the new design, `invertEdit` (against the
 * design before) the edit that takes it back. An edit that names something missing is refused by a thrown
 * `EditError`, never applied in part.
 */
export type Edit =
  | { type: 'add-nodes'; nodes: readonly DesignNode[]; places: readonly NodePlace[]; edges: readonly DesignEdge[] }
  | { type: 'remove'; nodes: readonly string[]; edges: readonly string[] }
  | { type: 'add-edge'; edge: DesignEdge }
  | { type: 'move'; places: readonly NodePlace[] }
  | { type: 'rename-node'; node: string; name: string }
  /** `value` undefined takes the kind's default. */
  | { type: 'set-field'; node: string; field: string; value?: Json }
  | { type: 'set-edge-label'; edge: string; label?: string }
  | { type: 'set-node-group'; nodes: readonly string[]; group?: string }
  | { type: 'set-groups'; groups: readonly DesignGroup[] }
  | { type: 'rename-design'; name: string }
  | { type: 'set-message-types'; messageTypes: readonly MessageType[] }
  | { type: 'set-scenario'; horizonMs?: number; warmUpMs?: number; seed?: number | string }
  | { type: 'set-faults'; faults: readonly ScheduledFault[] }
  | { type: 'set-goals'; goals: readonly Goal[] }
  /** Several as one step of undo. */
  | { type: 'batch'; label: string; edits: readonly Edit[] };
