import type { Json } from '../../design/types.ts';
import type { KeyHashes } from '../shared/key-hashes.ts';
import type { NodeConfig } from '../shared/node-config.ts';

/** What the topics of a run are made of; `nodes` are those of the design that are topics. */
export interface TopicParts {
  configs: readonly NodeConfig[];
  nodes: readonly number[];
  role: Uint8Array;
  hashes: KeyHashes;
  /** `edgeFields[e]` is what edge e says of itself. */
  edgeFields: readonly Readonly<Record<string, Json>>[];
}
