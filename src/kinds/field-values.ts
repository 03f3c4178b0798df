import type { Distribution, ScheduleStep } from '../design/fields.ts';
import type { DesignNode, Json } from '../design/types.ts';
import type { KindDefinition } from './kind.ts';
import { kindDefinition } from './registry.ts';

/**
 * The value of a field of a node: what the design says, else the default of its kind. Asking for a field that the
 * kind does not have is a fault of the program and throws.
 */
export function fieldValue(definition: KindDefinition, node: DesignNode, name: string): Json {
  if (Object.hasOwn(node.fields, name)) return node.fields[name];
  const field = definition.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`A ${definition.kind} has no field ${name}.`);
  return field.default;
}

/** As `fieldValue`, for a field that holds a number; the design was validated before. */
export function numberField(definition: KindDefinition, node: DesignNode, name: string): number {
  return fieldValue(definition, node, name) as number;
}

/** As `fieldValue`, for a choice or a message type. */
export function textField(definition: KindDefinition, node: DesignNode, name: string): string {
  return fieldValue(definition, node, name) as string;
}

/** As `fieldValue`, for a random amount. */
export function distributionField(definition: KindDefinition, node: DesignNode, name: string): Distribution {
  return fieldValue(definition, node, name) as unknown as Distribution;
}

/** As `fieldValue`, for a schedule of rates. */
export function scheduleField(
  definition: KindDefinition,
  node: DesignNode,
  name: string,
): readonly ScheduleStep[] {
  return fieldValue(definition, node, name) as unknown as readonly ScheduleStep[];
}

/** Every field of a node's kind with its value; for a kind this version does not know, what the design says. */
export function resolveFields(node: DesignNode): Readonly<Record<string, Json>> {
  const definition = kindDefinition(node.kind);
  if (!definition) return node.fields;
  return Object.fromEntries(definition.fields.map(({ name }) => [name, fieldValue(definition, node, name)]));
}
