import type { Design, DesignNode, Problem, ScheduledFault } from '../../design/types.ts';
import { nodeSite } from '../../kinds/fault-site.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { isLog } from '../../kinds/kind-roles.ts';
import { notAnIncrease } from '../../kinds/partition-growth.ts';
import type { RunKinds } from '../../kinds/run-kinds.ts';
import { resolveFaultArgs, validateFaultArgs } from '../faults/fault-args.ts';

/** Most partitions that the scenario plans for a topic; undefined if it plans to add none. */
export function roomForPartitions(design: Design, node: DesignNode): number | undefined {
  const planned = isLog(node.kind) ? growthOf(design, node) : [];
  return planned.length > 0 ? Math.max(...planned.map((fault) => partitionsThen(node, fault))) : undefined;
}

/** Plans to add partitions that would leave a topic with fewer than it has by then, or as many. */
export function growthProblems(design: Design): Problem[] {
  return design.nodes
    .filter(({ kind }) => isLog(kind))
    .flatMap((node) => {
      let count = Number(resolveFields(node).partitions);
      return growthOf(design, node).flatMap((fault): Problem[] => {
        const wanted = partitionsThen(node, fault);
        if (wanted === 0) return [];
        const refused = refusal(node, count, wanted);
        count = Math.max(count, wanted);
        if (refused === null) return [];
        const path = `scenario.faults[${design.scenario.faults.indexOf(fault)}].args.partitions`;
        return [
          {
            severity: 'error',
            code: 'no-increase',
            message: `${node.name}: ${refused}`,
            node: node.id,
            path,
          },
        ];
      });
    });
}

/** Why a topic with so many partitions cannot get others. */
function refusal(
  node: Pick<DesignNode, 'name' | 'kind' | 'fields'>,
  now: number,
  count: number,
): string | null {
  if (node.fields.service === 'kinesis') return 'A Kinesis stream splits its shards, which is not modelled.';
  return notAnIncrease(node.name, now, count);
}

/** Plans of the scenario to add partitions to a topic, in order of time. */
function growthOf({ scenario }: Design, { id }: DesignNode): ScheduledFault[] {
  return scenario.faults
    .filter(({ node, fault }) => node === id && fault === 'add-partitions')
    .toSorted((a, b) => a.atMs - b.atMs);
}

/** Partitions of a topic once a plan is carried out; 0 for what is out of range, which is refused elsewhere. */
function partitionsThen(node: DesignNode, { fault, args }: ScheduledFault): number {
  const site = nodeSite(node);
  if (validateFaultArgs(site, fault, args) !== null) return 0;
  return Number(resolveFaultArgs(site, fault, args).partitions);
}

/** Why a topic of a run cannot have so many partitions now: as Kafka says it, or as there is no room; null if it can. */
export function growthRefusal(
  { topics, growth }: RunKinds,
  topic: DesignNode & { index: number },
  count: number,
): Problem | null {
  const now = topics.partitions(topic.index);
  const room = growth?.roomOf(topic.index) ?? now;
  const refused = refusal(topic, now, count);
  if (refused === null && count <= room) return null;
  const noRoom = `This run has room for ${room} partitions, not for ${count}: raise “Room for”, or plan the change in the scenario.`;
  const message = `${topic.name}: ${refused ?? noRoom}`;
  return { severity: 'error', code: 'no-increase', message, node: topic.id };
}
