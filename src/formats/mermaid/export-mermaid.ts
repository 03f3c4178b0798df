import type { Design, DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import { groupDigits, showText } from '../../design/wording.ts';
import type { Family, MermaidShape } from '../../kinds/kind.ts';
import { edgeCaption, endsOf } from '../../kinds/edge-fields.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { measuredCaption, type MeasuredFigures, measuredLines, measuredRate } from './measured-labels.ts';
import { DARK_COLORS, LIGHT_COLORS, type MermaidColors } from './mermaid-colors.ts';
import { MermaidIds } from './mermaid-ids.ts';
import { labelledLine, printable } from './mermaid-label.ts';

/** How a design is written as Mermaid. */
export interface MermaidOptions {
  direction?: 'LR' | 'TB';
  /** Figures of a run, written into the labels with a caption. */
  figures?: MeasuredFigures;
  theme?: 'light' | 'dark';
  /** Also escapes what some versions take for Markdown; for wikis and other hosts that pin an old one. */
  compatible?: boolean;
}

/** Mermaid refuses more than this unless its host was configured otherwise. */
const MOST_CHARACTERS = 50_000;
const MOST_EDGES = 500;

/**
 * A design as a Mermaid flowchart: groups as subgraphs, a shape per kind, a class per family. The text depends on the
 * document only, in its order. `notes` say what the diagram cannot show.
 */
export function exportMermaid(
  design: Design,
  options: MermaidOptions = {},
): { text: string; notes: Problem[] } {
  const { direction = 'LR', figures, theme = 'light', compatible = false } = options;
  const writer: Writer = {
    design,
    figures,
    compatible,
    nodes: new Map(design.nodes.map((node) => [node.id, node])),
    ...assignIds(design),
    dead: deadLetterEdges(design),
    notes: [],
  };
  const lines = [
    ...(figures ? captionLines(figures, design) : []),
    `flowchart ${direction}`,
    ...bodyLines(writer, undefined, '  '),
    ...design.edges.map((edge) => edgeLine(writer, edge)),
    ...styleLines(writer, theme === 'dark' ? DARK_COLORS : LIGHT_COLORS),
  ];
  const text = `${lines.join('\n')}\n`;
  return { text, notes: [...writer.notes, ...sizeNotes(text, design)] };
}

interface Writer {
  design: Design;
  figures?: MeasuredFigures;
  compatible: boolean;
  nodes: ReadonlyMap<string, DesignNode>;
  nodeIds: ReadonlyMap<string, string>;
  groupIds: ReadonlyMap<string, string>;
  /** Ids of the edges that leave by a port for dead letters. */
  dead: ReadonlySet<string>;
  /** Groups with a node in them, however deep; Mermaid draws an empty one as a node. */
  filled: ReadonlySet<string>;
  notes: Problem[];
}

function assignIds(design: Design): Pick<Writer, 'nodeIds' | 'groupIds' | 'filled'> {
  const ids = new MermaidIds();
  const parentOf = new Map(design.groups.map(({ id, parent }) => [id, parent]));
  const filled = new Set<string>();
  for (const { group } of design.nodes) {
    for (let id = group; id !== undefined && !filled.has(id); id = parentOf.get(id)) filled.add(id);
  }
  return {
    nodeIds: new Map(design.nodes.map(({ id }) => [id, ids.add(id, 'n')])),
    groupIds: new Map(design.groups.map(({ id }) => [id, ids.add(id, 'g')])),
    filled,
  };
}

/** A title in the front matter: shown above the diagram by every host. YAML reads the text as JSON does. */
function captionLines(figures: MeasuredFigures, design: Design): string[] {
  const caption = printable(measuredCaption(figures, design.name, design.scenario.faults.length)).replaceAll(
    '\n',
    ' ',
  );
  const quoted = JSON.stringify(caption).replace(
    /[<>\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return ['---', `title: ${quoted}`, '---'];
}

/** Each node inside its own subgraph: a mention elsewhere, such as an edge, would move it there. */
function bodyLines(writer: Writer, parent: string | undefined, indent: string): string[] {
  const { design } = writer;
  const lines = design.nodes
    .filter((node) => node.group === parent)
    .map((node) => indent + nodeLine(writer, node));
  for (const group of design.groups.filter((candidate) => candidate.parent === parent)) {
    if (!writer.filled.has(group.id)) {
      writer.notes.push(info('empty-group', `The group ${showText(group.name)} is empty and was left out.`));
      continue;
    }
    const id = writer.groupIds.get(group.id)!;
    lines.push(
      indent + labelledLine((escape) => `subgraph ${id} ["${escape(group.name)}"]`, writer.compatible),
      ...bodyLines(writer, group.id, `${indent}  `),
      `${indent}end`,
    );
  }
  return lines;
}

const BRACKETS: Readonly<Record<MermaidShape, readonly [open: string, close: string]>> = {
  rect: ['[', ']'],
  round: ['(', ')'],
  stadium: ['([', '])'],
  subroutine: ['[[', ']]'],
  cylinder: ['[(', ')]'],
  circle: ['((', '))'],
  hexagon: ['{{', '}}'],
  asymmetric: ['>', ']'],
  trapezoid: ['[/', '\\]'],
  'double-circle': ['(((', ')))'],
};

function nodeLine(writer: Writer, node: DesignNode): string {
  const { figures, nodeIds, notes, compatible } = writer;
  const definition = kindDefinition(node.kind);
  if (!definition) {
    const message = `${showText(node.name)} is of the kind ${showText(node.kind)}, which this version does not know; it is drawn as a box.`;
    notes.push({ ...info('unknown-kind', message), node: node.id });
  }
  if (/[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]|\p{Cs}/u.test(node.name)) {
    const message = `The name ${showText(node.name)} holds characters that no picture can show; each is written as \ufffd.`;
    notes.push({ ...info('unprintable-name', message), node: node.id });
  }
  const [open, close] = BRACKETS[definition?.mermaid.shape ?? 'rect'];
  const measured = figures ? measuredLines(figures, node.id, definition?.family ?? '') : [];
  const label = [node.name, ...measured].join('\n');
  return labelledLine((escape) => `${nodeIds.get(node.id)}${open}"${escape(label)}"${close}`, compatible);
}

function edgeLine(writer: Writer, edge: DesignEdge): string {
  const { figures, nodeIds, compatible } = writer;
  const dead = writer.dead.has(edge.id);
  const rate = figures ? measuredRate(figures, edge.id) : null;
  const said = edgeCaption(edge, endsOf(edge, writer.nodes)) || (dead ? 'dead letters' : null);
  const label = [said, rate].filter((part) => part !== null).join('\n');
  const arrow = dead ? '-.->' : '-->';
  const from = nodeIds.get(edge.from);
  const to = nodeIds.get(edge.to);
  if (label === '') return `  ${from} ${arrow} ${to}`;
  return labelledLine((escape) => `  ${from} ${arrow}|"${escape(label)}"| ${to}`, compatible);
}

function deadLetterEdges(design: Design): Set<string> {
  const kindOf = new Map(design.nodes.map(({ id, kind }) => [id, kindDefinition(kind)]));
  const isDead = ({ from, fromPort }: DesignEdge) => {
    const port = kindOf.get(from)?.ports.find(({ id }) => id === fromPort);
    return port?.roles.includes('dead') ?? false;
  };
  return new Set(design.edges.filter(isDead).map(({ id }) => id));
}

/** Classes and styles come last: a class given to a node that does not exist yet is lost without a word. */
function styleLines(writer: Writer, colors: MermaidColors): string[] {
  const { design, nodeIds, groupIds, filled } = writer;
  const byFamily = new Map<Family, string[]>();
  for (const node of design.nodes) {
    const family = kindDefinition(node.kind)?.family;
    if (!family) continue;
    const members = byFamily.get(family) ?? [];
    members.push(nodeIds.get(node.id)!);
    byFamily.set(family, members);
  }
  const lines = [...byFamily].flatMap(([family, members]) => [
    `  classDef ${family} fill:${colors.surface},stroke:${colors.families[family]},stroke-width:2px,color:${colors.ink}`,
    `  class ${members.join(',')} ${family}`,
  ]);
  const groups = design.groups.filter(({ id }) => filled.has(id)).map(({ id }) => groupIds.get(id)!);
  if (groups.length > 0) {
    lines.push(
      `  classDef group fill:${colors.sunken},stroke:${colors.edge},color:${colors.ink}`,
      `  class ${groups.join(',')} group`,
    );
  }
  const dead = design.edges.flatMap((edge, at) => (writer.dead.has(edge.id) ? [at] : []));
  if (design.edges.length > 0) lines.push(`  linkStyle default stroke:${colors.edge}`);
  if (dead.length > 0) lines.push(`  linkStyle ${dead.join(',')} stroke:${colors.deadLetter}`);
  return lines;
}

function sizeNotes(text: string, design: Design): Problem[] {
  const notes: Problem[] = [];
  if (text.length > MOST_CHARACTERS) {
    const found = groupDigits(text.length);
    notes.push(
      warning(
        'mermaid-too-long',
        `The diagram has ${found} characters; Mermaid draws at most ${groupDigits(MOST_CHARACTERS)} unless maxTextSize is raised.`,
      ),
    );
  }
  if (design.edges.length > MOST_EDGES) {
    const found = groupDigits(design.edges.length);
    notes.push(
      warning(
        'mermaid-too-many-edges',
        `The diagram has ${found} edges; Mermaid draws at most ${MOST_EDGES} unless maxEdges is raised.`,
      ),
    );
  }
  return notes;
}

function info(code: string, message: string): Problem {
  return { severity: 'info', code, message };
}

function warning(code: string, message: string): Problem {
  return { severity: 'warning', code, message };
}
