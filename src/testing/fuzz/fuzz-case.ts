import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Design, Json } from '../../design/types.ts';

/** Something done to a run from outside, between two events. */
export type Deed = { afterEvents: number } & (
  | {
      do: 'inject';
      id: string;
      node?: string;
      edge?: string;
      fault: string;
      args: Record<string, Json>;
      forMs?: number;
    }
  | { do: 'heal'; id: string }
  | { do: 'set'; node: string; field: string; value: Json }
);

/** Everything that one run of the fuzzer depends on, as plain data. */
export interface FuzzCase {
  design: Design;
  /** In order; `afterEvents` counts from the deed before. */
  deeds: readonly Deed[];
  /** Simulated time after which everything is healed and the producers stop. */
  activeMs: number;
}

/** What is broken by hand. */
export function injections({ deeds }: FuzzCase): Extract<Deed, { do: 'inject' }>[] {
  return deeds.filter((deed) => deed.do === 'inject');
}

/** A case as one word for a command line. */
export function tokenOf(found: FuzzCase): string {
  return deflateRawSync(JSON.stringify(found), { level: 9 }).toString('base64url');
}

/** The case of a token. */
export function caseOf(token: string): FuzzCase {
  return JSON.parse(inflateRawSync(Buffer.from(token, 'base64url')).toString()) as FuzzCase;
}
