import type { Json } from '../../design/types.ts';
import type { Simulation } from '../../engine/simulation.ts';
import type { Addresses } from '../shared/addresses.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { EventRouters } from './behavior.ts';
import { FifoRouters, isFifoTopic } from './fifo-routers.ts';

/** The event routers of a run; a design without a FIFO topic pays for none. */
export function routersOf(
  sim: Simulation,
  configs: readonly NodeConfig[],
  nodes: readonly number[],
  role: Uint8Array,
  edgeFields: readonly Readonly<Record<string, Json>>[],
  addresses: Addresses,
): EventRouters {
  const Routers = configs.some(isFifoTopic) ? FifoRouters : EventRouters;
  return new Routers(sim, configs, nodes, role, edgeFields, addresses);
}
