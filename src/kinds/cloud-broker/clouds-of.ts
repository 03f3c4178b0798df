import type { Simulation } from '../../engine/simulation.ts';
import type { NodeConfig } from '../shared/node-config.ts';
import { CloudBrokers } from './behavior.ts';
import { messagesPerSecond } from './call-quota.ts';
import { ClientBrokers } from './client-brokers.ts';
import { LimitedBrokers } from './limited-brokers.ts';
import { OrderedBrokers } from './ordered-brokers.ts';
import { rulesOf } from './profiles.ts';
import { hasSubjects, SubjectBrokers, type SubjectParts } from './subject-brokers.ts';

/** The managed brokers of a run; a design pays only for what some of its brokers do. */
export function cloudsOf(
  sim: Simulation,
  configs: readonly NodeConfig[],
  nodes: readonly number[],
  role: Uint8Array,
  parts: SubjectParts,
): CloudBrokers {
  if (nodes.some((node) => hasSubjects(configs[node])))
    return new SubjectBrokers(sim, configs, nodes, role, parts);
  if (nodes.some((node) => rulesOf(configs[node]).inOrder))
    return new OrderedBrokers(sim, configs, nodes, role);
  if (nodes.some((node) => rulesOf(configs[node]).ackTimeout < Infinity))
    return new ClientBrokers(sim, configs, nodes, role);
  const isLimited = nodes.some((node) => messagesPerSecond(configs[node]) < Infinity);
  return isLimited
    ? new LimitedBrokers(sim, configs, nodes, role)
    : new CloudBrokers(sim, configs, nodes, role);
}
