import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import { DESIGN_VERSION, MESSAGE_ROLES } from './types.ts';
import { groupDigits } from './wording.ts';

// The page forbids eval in its content policy; without this zod would try it once and log a violation.
z.config({ jitless: true });

/** The mark in the first line of every design file. */
export const DESIGN_FORMAT = 'spillway';

// Each message below is what was expected, in words that finish the sentence "found …, expected …".

const ID_EXPECTED = `an id: text of 1 to ${LIMITS.idLength} characters without control characters`;
const id = z
  .string(ID_EXPECTED)
  .check(
    z.minLength(1, ID_EXPECTED),
    z.maxLength(LIMITS.idLength, ID_EXPECTED),
    z.regex(/^[^\u0000-\u001f\u007f]*$/, ID_EXPECTED),
  );

const name = text('a name', LIMITS.nameLength);

function text(what: string, longest: number) {
  const expected = `${what} of at most ${groupDigits(longest)} characters`;
  return z.string(expected).check(z.maxLength(longest, expected));
}

function numberBetween(low: number, high: number, what: string) {
  return z.number(what).check(z.gte(low, what), z.lte(high, what));
}

function listOf<Item extends z.ZodMiniType>(item: Item, what: string, longest: number) {
  const expected = `a list of at most ${groupDigits(longest)} ${what}`;
  return z.array(item, expected).check(z.maxLength(longest, expected));
}

function objectOf<Shape extends z.core.$ZodLooseShape>(shape: Shape, what: string) {
  return z.looseObject(shape, what);
}

const values = (what: string) => z.record(z.string(), z.unknown(), `an object of ${what}`);

const horizon = `a number of milliseconds above 0 and at most ${groupDigits(LIMITS.horizonMs)} (30 days)`;
const time = `a number of milliseconds from 0 to ${groupDigits(LIMITS.horizonMs)} (30 days)`;
const seed = `a number or text of at most ${groupDigits(LIMITS.textLength)} characters`;

const messageType = objectOf(
  {
    id,
    name,
    role: z.optional(z.enum(MESSAGE_ROLES, `one of ${MESSAGE_ROLES.join(', ')}`)),
  },
  'an object that describes a message type',
);

const node = objectOf(
  {
    id,
    kind: text('a kind', LIMITS.idLength).check(z.minLength(1, 'a kind such as "queue"')),
    name: z.optional(name),
    group: z.optional(id),
    fields: z.optional(values('field values')),
  },
  'an object that describes a node',
);

const edge = objectOf(
  {
    id,
    from: id,
    fromPort: z.optional(id),
    to: id,
    toPort: z.optional(id),
    label: z.optional(text('a label', LIMITS.nameLength)),
    fields: z.optional(values('field values')),
  },
  'an object that describes an edge',
);

const group = objectOf({ id, name, parent: z.optional(id) }, 'an object that describes a group');

const fault = objectOf(
  {
    id,
    atMs: numberBetween(0, LIMITS.horizonMs, time),
    forMs: z.optional(z.number(horizon).check(z.gt(0, horizon), z.lte(LIMITS.horizonMs, horizon))),
    node: z.optional(id),
    edge: z.optional(id),
    fault: id,
    args: z.optional(values('values of the fault')),
  },
  'an object that describes a fault',
);

const FIGURES = [
  'latencyMsP50',
  'latencyMsP95',
  'latencyMsP99',
  'lag',
  'deadLettered',
  'throughputPerSecond',
] as const;

const goal = objectOf(
  {
    id,
    node: z.optional(id),
    figure: z.enum(FIGURES, `one of ${FIGURES.join(', ')}`),
    atMost: z.optional(z.number('a number')),
    atLeast: z.optional(z.number('a number')),
  },
  'an object that describes a goal',
);

const chaos = objectOf(
  {
    perMinute: numberBetween(0, LIMITS.chaosPerMinute, `a number from 0 to ${LIMITS.chaosPerMinute}`),
    healAfterMs: z.number(horizon).check(z.gt(0, horizon), z.lte(LIMITS.horizonMs, horizon)),
    faults: z.optional(listOf(id, 'ids of faults', LIMITS.goals)),
  },
  'an object that describes random faults',
);

const scenario = objectOf(
  {
    horizonMs: z.optional(z.number(horizon).check(z.gt(0, horizon), z.lte(LIMITS.horizonMs, horizon))),
    warmUpMs: z.optional(numberBetween(0, LIMITS.horizonMs, time)),
    seed: z.optional(z.union([z.number(), z.string().check(z.maxLength(LIMITS.textLength))], seed)),
    faults: z.optional(listOf(fault, 'faults', LIMITS.faults)),
    chaos: z.optional(chaos),
  },
  'an object that describes the scenario',
);

const place = objectOf(
  { id, x: z.number('a number of canvas units'), y: z.number('a number of canvas units') },
  'an object with id, x and y',
);

/**
 * The design file as it may be written: format, version and nodes are needed, all else has a default. Judges only;
 * `parseDesign` builds the design from the raw value so that unknown fields keep their place in `extra`.
 */
export const designFileSchema = objectOf(
  {
    format: z.literal(DESIGN_FORMAT, `"${DESIGN_FORMAT}"`),
    version: z.literal(DESIGN_VERSION, String(DESIGN_VERSION)),
    name: z.optional(name),
    messageTypes: z.optional(listOf(messageType, 'message types', LIMITS.messageTypes)),
    nodes: listOf(node, 'nodes', LIMITS.nodes),
    edges: z.optional(listOf(edge, 'edges', LIMITS.edges)),
    groups: z.optional(listOf(group, 'groups', LIMITS.groups)),
    scenario: z.optional(scenario),
    goals: z.optional(listOf(goal, 'goals', LIMITS.goals)),
    layout: z.optional(
      objectOf(
        { nodes: z.optional(listOf(place, 'places', LIMITS.nodes)) },
        'an object that describes the layout',
      ),
    ),
  },
  'a design: an object with format, version and nodes',
);

/** What the schema lets through. */
export type DesignFile = z.infer<typeof designFileSchema>;

/** The JSON Schema of the design file, for editors and other programs. */
export function designJsonSchema(): Record<string, unknown> {
  return {
    title: 'Spillway design',
    description: 'An event-driven architecture that Spillway can draw and simulate. Unknown fields are kept.',
    ...z.toJSONSchema(designFileSchema),
  };
}
