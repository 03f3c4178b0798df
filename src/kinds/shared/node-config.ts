import type { Distribution } from '../../design/fields.ts';
import type { Json } from '../../design/types.ts';

/** A node as the kinds see it when a run is built: every field has a value, validated, defaults filled in. */
export interface NodeConfig {
  kind: string;
  id: string;
  fields: Readonly<Record<string, Json>>;
  /** Index into the design's message types of what a producer sends; 0 for other kinds. */
  messageType: number;
  /** Index of the cluster that a topic is kept in, if it is in one. */
  cluster?: number;
  /** Most partitions that the scenario plans for a topic, if it plans to add some. */
  room?: number;
}

/** Partitions that a topic has room for: those it begins with, unless it may get more. */
export function partitionRoom(config: NodeConfig): number {
  const { partitions, growsTo = 0 } = config.fields;
  return Math.max(partitions as number, growsTo as number, config.room ?? 0);
}

/** Whether a node is a topic that may get more partitions than it begins with. */
export function canGrow(config: NodeConfig): boolean {
  return config.kind === 'topic' && partitionRoom(config) > numberOf(config, 'partitions');
}

/** A number field: an integer, a rate, a probability. */
export function numberOf(config: NodeConfig, field: string): number {
  return config.fields[field] as number;
}

/** A duration field, in whole microseconds. */
export function microsOf(config: NodeConfig, field: string): number {
  return toMicros(config.fields[field]);
}

/** A choice field: the place of its value in `options`. */
export function choiceOf(config: NodeConfig, field: string, options: readonly string[]): number {
  return options.indexOf(config.fields[field] as string);
}

/** A distribution field. */
export function distributionOf(config: NodeConfig, field: string): Distribution {
  return config.fields[field] as unknown as Distribution;
}

/** Milliseconds of the design as whole microseconds of the run. */
export function toMicros(milliseconds: Json): number {
  return Math.round((milliseconds as number) * 1000);
}

/** Messages a second as messages a microsecond. */
export function perMicro(perSecond: Json): number {
  return (perSecond as number) / 1e6;
}
