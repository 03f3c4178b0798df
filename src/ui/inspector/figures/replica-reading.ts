import { PARTITION, PARTITION_LIGHTS } from '../../../simulation/frame/frame-layout.ts';
import type { Frame } from '../../../store/frames.ts';
import { nodeIndex } from './node-reading.ts';

/** One partition of a topic that is kept in a cluster. Brokers are counted from 1. */
export interface PartitionReading {
  partition: number;
  /** Name of its state, as its machine has it. */
  state: (typeof PARTITION_LIGHTS)[number];
  sinceMs: number;
  /** 0 while no broker that runs leads it. */
  leader: number;
  holders: readonly number[];
  inSync: readonly number[];
  logEnd: number;
  highWatermark: number;
  /** Since when a replica in sync has not got all of it, -1 if each has. */
  heldSinceMs: number;
}

/** The partitions of a topic with their replicas; empty for any other node, and for a topic without a cluster. */
export function readPartitions(frame: Frame, id: string): PartitionReading[] {
  const { layout, data } = frame;
  const node = nodeIndex(frame, id);
  const topic = layout.shape.topics.findIndex((entry) => entry.node === node);
  if (topic < 0) return [];
  return Array.from({ length: layout.shape.topics[topic].partitions }, (_, partition) => {
    const at = layout.partition(topic, partition);
    return {
      partition,
      state: PARTITION_LIGHTS[data[at + PARTITION.state]],
      sinceMs: data[at + PARTITION.sinceMs],
      leader: data[at + PARTITION.leader],
      holders: brokersOf(data[at + PARTITION.holders]),
      inSync: brokersOf(data[at + PARTITION.inSync]),
      logEnd: data[at + PARTITION.logEnd],
      highWatermark: data[at + PARTITION.highWatermark],
      heldSinceMs: data[at + PARTITION.heldSinceMs],
    };
  }).filter(({ state }) => state !== 'none');
}

/** Numbers of the brokers whose bits are set. */
export function brokersOf(bits: number): number[] {
  return Array.from({ length: 31 }, (_, broker) => broker + 1).filter(
    (broker) => ((bits >> (broker - 1)) & 1) === 1,
  );
}

/** Partitions in trouble first, the worst of all at the head. */
export function worstFirst(partitions: readonly PartitionReading[]): PartitionReading[] {
  const rank = ({ state }: PartitionReading) => PARTITION_LIGHTS.indexOf(state);
  return partitions.toSorted((a, b) => rank(b) - rank(a) || a.partition - b.partition);
}
