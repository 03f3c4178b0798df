import { foreignJson, foreignText } from './foreign-files.ts';
import { freePlaces, roomBelow } from './free-places.ts';
import { readJson } from './json-text.ts';
import { KEYS } from './keys.ts';
import { LIMITS } from './limits.ts';
import { migrateFile, oldestVersion } from './migrations.ts';
import { lookAlikeNames } from './names.ts';
import { DEFAULT_SCENARIO } from './new-design.ts';
import { referenceProblems } from './references.ts';
import { DESIGN_FORMAT, type DesignFile, designFileSchema } from './schema.ts';
import type {
  Chaos,
  Design,
  DesignEdge,
  DesignGroup,
  DesignNode,
  Goal,
  Json,
  MessageType,
  NodePlace,
  Problem,
  Scenario,
  ScheduledFault,
} from './types.ts';
import { DESIGN_VERSION } from './types.ts';
import { countOf, groupDigits, showPath, showText, showValue } from './wording.ts';

/** A design with its warnings, or the errors that refuse the text. A read-only one must never be saved over its file. */
export type ParsedDesign =
  { design: Design; problems: Problem[]; readOnly?: boolean } | { design: null; problems: Problem[] };

/** Height in canvas units of the card of a node, for which a scenario may plan something. */
export type CardHeight = (node: DesignNode, planned: readonly ScheduledFault[]) => number;
const LOW_CARDS: CardHeight = () => 68;

/** More errors than this are counted, not listed. */
const LISTED_PROBLEMS = 20;

/**
 * Reads a design file. Nothing in the text is trusted: it comes from disks, links and other programs. Either the
 * whole of it makes sense or every reason why not is said with place, value found and value expected. A file of a
 * newer version is opened read-only as far as this version understands it. A node without a place gets one that has
 * room for its card, whose height `heightOf` knows; without it all are taken for low.
 */
export function parseDesign(text: string, heightOf = LOW_CARDS): ParsedDesign {
  return parseFile(text, [DESIGN_FORMAT], heightOf);
}

/** As `parseDesign`, for text from the clipboard: a fragment that was copied from a canvas, or a whole design. */
export function parseFragment(text: string, heightOf = LOW_CARDS): ParsedDesign {
  return parseFile(text, [FRAGMENT_FORMAT, DESIGN_FORMAT], heightOf);
}

/** The mark of text that was copied from a canvas, see clipboard.ts. */
export const FRAGMENT_FORMAT = 'spillway-fragment';

function parseFile(text: string, formats: readonly string[], heightOf: CardHeight): ParsedDesign {
  const reading = readJson(text);
  if (!reading.ok) return refused([withForeignText(reading.problem, text)]);
  const file = reading.value;
  const foreign = formatProblem(file, formats);
  if (foreign) return refused([foreign]);
  return parseObject({ ...(file as JsonObject), format: DESIGN_FORMAT }, reading.problems, heightOf);
}

type JsonObject = { [key: string]: Json };

function parseObject(file: JsonObject, warnings: Problem[], heightOf: CardHeight): ParsedDesign {
  const version = file.version;
  if (!Number.isSafeInteger(version) || (version as number) < oldestVersion()) {
    const oldest = oldestVersion();
    const expected = oldest === DESIGN_VERSION ? `${DESIGN_VERSION}` : `${oldest} to ${DESIGN_VERSION}`;
    return refused([problem('bad-version', 'version', `found ${showValue(version)}, expected ${expected}.`)]);
  }
  const newer = (version as number) > DESIGN_VERSION;
  if (newer) file.version = DESIGN_VERSION;
  else migrateFile(file, version as number);

  const tooLong = listProblem(file);
  if (tooLong) return refused([tooLong]);
  const checked = designFileSchema.safeParse(file);
  const errors = checked.success
    ? referenceProblems(checked.data)
    : schemaProblems(checked.error.issues, file);
  if (errors.length > 0) {
    return refused(newer ? [newerVersion('error', version as number), ...errors] : errors);
  }
  const problems = [...warnings];
  const design = placed(buildDesign(file as unknown as DesignFile, problems), heightOf);
  problems.push(...lookAlikeNames(design));
  if (newer)
    return { design, problems: [newerVersion('warning', version as number), ...problems], readOnly: true };
  return { design, problems };
}

function refused(problems: Problem[]): ParsedDesign {
  if (problems.length <= LISTED_PROBLEMS) return { design: null, problems };
  const more = countOf(problems.length - LISTED_PROBLEMS, 'more error', 'more errors');
  return {
    design: null,
    problems: [
      ...problems.slice(0, LISTED_PROBLEMS),
      { severity: 'error', code: 'more-errors', message: `There are ${more} in this file.` },
    ],
  };
}

function problem(
  code: string,
  path: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { severity, code, message: path ? `${path}: ${message}` : message, ...(path ? { path } : {}) };
}

function withForeignText(found: Problem, text: string): Problem {
  const tool = found.code === 'json-broken' ? foreignText(text) : null;
  if (!tool) return found;
  return problem('foreign-file', '', `This is ${tool}, expected a Spillway design in JSON.`);
}

function formatProblem(file: Json, formats: readonly string[]): Problem | null {
  const isObject = typeof file === 'object' && file !== null && !Array.isArray(file);
  if (isObject && formats.includes(file.format as string)) return null;
  const tool = isObject && file.format !== undefined ? null : foreignJson(file);
  if (tool) return problem('foreign-file', '', `This is ${tool}, expected a Spillway design.`);
  if (!isObject) {
    return problem(
      'not-a-design',
      '',
      `Found ${showValue(file)}, expected a design: an object that starts with "format": "spillway".`,
    );
  }
  if (file.format === FRAGMENT_FORMAT) {
    return problem(
      'fragment',
      'format',
      'found copied cards, expected a whole design; paste them into a design instead.',
    );
  }
  return problem('not-a-design', 'format', `found ${showValue(file.format)}, expected "${DESIGN_FORMAT}".`);
}

function newerVersion(severity: 'error' | 'warning', version: number): Problem {
  const rest =
    severity === 'warning'
      ? 'It is open for reading; saving it here would lose what is new.'
      : 'It holds things that this version cannot read.';
  return problem(
    'newer-version',
    'version',
    `found ${version}, expected ${DESIGN_VERSION}: the file was written by a newer Spillway. ${rest}`,
    severity,
  );
}

/** Counts the long lists before the schema looks at each item. */
function listProblem(file: JsonObject): Problem | null {
  const limits = {
    nodes: LIMITS.nodes,
    edges: LIMITS.edges,
    groups: LIMITS.groups,
    messageTypes: LIMITS.messageTypes,
    goals: LIMITS.goals,
  };
  for (const [key, most] of Object.entries(limits)) {
    const list = file[key];
    if (Array.isArray(list) && list.length > most) {
      return problem(
        'too-many',
        key,
        `found ${showValue(list)}, expected at most ${countOf(most, 'entry', 'entries')}.`,
      );
    }
  }
  return null;
}

interface SchemaIssue {
  readonly path: PropertyKey[];
  readonly message: string;
}

function schemaProblems(issues: readonly SchemaIssue[], file: JsonObject): Problem[] {
  const said = new Set<string>();
  const problems: Problem[] = [];
  for (const issue of issues) {
    const path = showPath(issue.path);
    const found = problem(
      'bad-value',
      path,
      `found ${showValue(valueAt(file, issue.path))}, expected ${issue.message}.`,
    );
    if (said.has(found.message)) continue;
    said.add(found.message);
    problems.push(found);
  }
  return problems;
}

function valueAt(file: JsonObject, path: readonly PropertyKey[]): unknown {
  let value: unknown = file;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** Ports of an edge that names none, as a person writes it by hand. */
const USUAL_PORTS = { from: 'out', to: 'in' } as const;

/** The file is known to fit the schema here, so each part has the type that the schema says. */
function buildDesign(file: DesignFile, problems: Problem[]): Design {
  const scenario = file.scenario ?? {};
  const warmUpMs = scenario.warmUpMs ?? 0;
  return {
    version: DESIGN_VERSION,
    name: file.name ?? 'Untitled design',
    messageTypes: (file.messageTypes ?? []).map((item) => known<MessageType>(item, KEYS.messageType)),
    nodes: file.nodes.map((item) => ({
      ...known<DesignNode>(item, KEYS.node),
      name: item.name ?? item.id,
      fields: (item.fields ?? {}) as Values,
    })),
    edges: (file.edges ?? []).map(buildEdge),
    groups: (file.groups ?? []).map((item) => known<DesignGroup>(item, KEYS.group)),
    scenario: {
      ...known<Scenario>(scenario, KEYS.scenario),
      horizonMs: scenario.horizonMs ?? Math.max(DEFAULT_SCENARIO.horizonMs, warmUpMs * 2),
      warmUpMs,
      seed: scenario.seed ?? DEFAULT_SCENARIO.seed,
      faults: (scenario.faults ?? []).map((item) => ({
        ...known<ScheduledFault>(item, KEYS.fault),
        args: (item.args ?? {}) as Values,
      })),
      ...(scenario.chaos ? { chaos: known<Chaos>(scenario.chaos, KEYS.chaos) } : {}),
    },
    goals: (file.goals ?? []).map((item) => known<Goal>(item, KEYS.goal)),
    layout: { ...extraOf(file.layout ?? {}, KEYS.layout), nodes: buildPlaces(file, problems) },
    ...extraOf(file, KEYS.design),
  };
}

function buildEdge(item: NonNullable<DesignFile['edges']>[number]): DesignEdge {
  const { fields, ...edge } = known<DesignEdge>(item, KEYS.edge);
  return {
    ...edge,
    fromPort: item.fromPort ?? USUAL_PORTS.from,
    toPort: item.toPort ?? USUAL_PORTS.to,
    ...(fields === undefined || Object.keys(fields).length === 0 ? {} : { fields }),
  };
}

type Values = Readonly<Record<string, Json>>;

/** The known keys as they are and all others under `extra`. */
function known<Kind>(object: Readonly<Record<string, unknown>>, keys: readonly string[]): Kind {
  const kept: Record<string, unknown> = {};
  for (const key of keys) {
    if (Object.hasOwn(object, key)) kept[key] = object[key];
  }
  return { ...kept, ...extraOf(object, keys) } as Kind;
}

function extraOf(object: Readonly<Record<string, unknown>>, keys: readonly string[]): { extra?: Values } {
  const others = Object.keys(object).filter((key) => !keys.includes(key));
  if (others.length === 0) return {};
  return { extra: Object.fromEntries(others.map((key) => [key, object[key]])) as Values };
}

/** The places that the file gives, at most one for each of its nodes. */
function buildPlaces(file: DesignFile, problems: Problem[]): NodePlace[] {
  const nodes = new Set(file.nodes.map((node) => node.id));
  const places = new Map<string, NodePlace>();
  file.layout?.nodes?.forEach((place, at) => {
    const path = `layout.nodes[${at}]`;
    if (!nodes.has(place.id)) {
      problems.push(
        problem(
          'stray-place',
          path,
          `found a place for ${showText(place.id)}, which is no node; left out.`,
          'warning',
        ),
      );
    } else if (places.has(place.id)) {
      problems.push(
        problem(
          'second-place',
          path,
          `found a second place for ${showText(place.id)}; the first one counts.`,
          'warning',
        ),
      );
    } else {
      places.set(place.id, {
        ...known<NodePlace>(place, KEYS.place),
        ...withinCanvas(place, path, problems),
      });
    }
  });
  return [...places.values()];
}

/** The same with a place for each node; those without one are put below the others. */
function placed(design: Design, heightOf: CardHeight): Design {
  const heights = new Map(design.nodes.map((node) => [node.id, heightOf(node, design.scenario.faults)]));
  const given = design.layout.nodes;
  const standing = new Set(given.map(({ id }) => id));
  const ids = design.nodes.flatMap(({ id }) => (standing.has(id) ? [] : [id]));
  if (ids.length === 0) return design;
  const bottom = given.reduce((most, { id, y }) => Math.max(most, y + roomBelow(heights.get(id)!)), 0);
  const free = freePlaces(ids, design.edges, bottom, (id) => heights.get(id)!);
  return { ...design, layout: { ...design.layout, nodes: [...given, ...free] } };
}

function withinCanvas(
  place: { x: number; y: number },
  path: string,
  problems: Problem[],
): { x: number; y: number } {
  const clamp = (value: number) => Math.min(LIMITS.place, Math.max(-LIMITS.place, value));
  const x = clamp(place.x);
  const y = clamp(place.y);
  if (x !== place.x || y !== place.y) {
    const found = `found ${place.x}, ${place.y}, expected at most ${groupDigits(LIMITS.place)} from the middle; moved to the border.`;
    problems.push(problem('place-too-far', path, found, 'warning'));
  }
  return { x, y };
}
