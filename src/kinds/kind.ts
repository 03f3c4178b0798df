import type { FieldDefinition } from '../design/fields.ts';

/** Families in palette order; each has a colour token `--fam-<family>` and a tile silhouette. */
export type Family =
  'sources' | 'channels' | 'processing' | 'state' | 'integration' | 'reliability' | 'observability';

/** What flows through a port; an edge joins an out port to an in port that accepts what it gives. */
export type PortRole =
  | 'messages'
  | 'records'
  | 'deliveries'
  | 'dead'
  | 'redriven'
  | 'routed'
  /** Pushed to a subscriber, and tried again until it is taken or given up. */
  | 'notifications'
  | 'unroutable'
  /** No message goes along it: it says where a topic is kept. */
  | 'kept';

export interface PortDefinition {
  id: string;
  direction: 'in' | 'out';
  /** Out: the role it gives. In: every role it takes. */
  roles: readonly PortRole[];
  label: string;
  /** Where the edge leaves or enters the card. Failures leave by the bottom. */
  side: 'left' | 'right' | 'bottom';
  /** Most edges allowed; absent means any number. */
  maxEdges?: number;
  /** Fields that each edge which leaves or enters by this port has of its own, such as a binding key. None is live. */
  edgeFields?: readonly FieldDefinition[];
}

/** A fault that a person or the scenario can inject into a node of this kind. */
export interface FaultDefinition {
  id: string;
  /** Imperative, for the menu: "Crash a member". */
  label: string;
  /** What will happen, one sentence. */
  help: string;
  /** Badge while it lasts; `{factor}` and other field names are filled in: "{factor}× slower". */
  badge: string;
  /** What the button says that brings it about at once; "Break it now" for what breaks something. */
  doItNow?: string;
  /** Label of the way back: "Restore the member". */
  healLabel: string;
  /** It ends when it is done, so nobody is asked how long it is to last. */
  endsItself?: true;
  /** Random faults have it only if it is asked for by name: it is nothing that breaks by itself. */
  byNameOnly?: true;
  fields: readonly FieldDefinition[];
}

/** Mermaid node shape, written with the classic brackets that every version understands. */
export type MermaidShape =
  | 'rect'
  | 'round'
  | 'stadium'
  | 'subroutine'
  | 'cylinder'
  | 'circle'
  | 'hexagon'
  | 'asymmetric'
  | 'trapezoid'
  | 'double-circle';

/** Everything about a kind that is data. Palette, form, card, validation, exports and docs derive from it. */
export interface KindDefinition {
  kind: string;
  /** Title case for one, such as "Consumer group". */
  name: string;
  family: Family;
  /** One sentence for palette and docs. */
  summary: string;
  /** Said when a connection to it is refused: "Producers only send." */
  refusal: string;
  /** Default name of a new node, such as "orders". */
  newName: string;
  fields: readonly FieldDefinition[];
  ports: readonly PortDefinition[];
  faults: readonly FaultDefinition[];
  /** Size of its card in canvas units; a topic adds `perLane` for each partition, at most 8. */
  card: { width: number; height: number; perLane?: number };
  /** What its badge says when its gauge is full; "Full" unless said otherwise. */
  fullBadge?: string;
  /** 24-grid glyph: stroked paths and filled dots. Canvas and exporters share it. */
  glyph: { strokes: readonly string[]; dots: readonly { cx: number; cy: number; r: number }[] };
  mermaid: { shape: MermaidShape };
  docs: {
    /** What is modelled, as sentences. */
    modelled: readonly string[];
    notModelled: readonly string[];
  };
}
