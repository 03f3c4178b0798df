import type { Design, DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import { showPath, showText } from '../../design/wording.ts';
import { endsOf, resolveEdgeFields, visibleEdgeFields } from '../../kinds/edge-fields.ts';
import {
  bindingTest,
  routeFrom,
  takesEverything,
  type Binding,
  type Way,
  type Wiring,
} from '../../kinds/exchange/routing.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { addressesOf, type Address } from '../../kinds/shared/addresses.ts';
import { hashWordsIn, MOST_HASHES } from '../../kinds/shared/topic-pattern.ts';

type Nodes = ReadonlyMap<string, DesignNode>;

/** What is odd about bindings, and bindings that the broker refuses. Fields are known to be valid. */
export function exchangeProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  return [
    ...design.edges.flatMap((edge, at) => {
      const from = nodes.get(edge.from)!;
      return isBinding(edge, nodes) ? bindingProblems(edge, at, from, nodes.get(edge.to)!) : [];
    }),
    ...unroutableProblems(design, nodes),
    ...deadLetterProblems(design, nodes),
  ];
}

function isBinding({ from, fromPort }: DesignEdge, nodes: Nodes): boolean {
  const ports = kindDefinition(nodes.get(from)!.kind)?.ports ?? [];
  return ports.some(({ id, roles }) => id === fromPort && (roles as readonly string[]).includes('routed'));
}

function bindingProblems(edge: DesignEdge, at: number, from: DesignNode, to: DesignNode): Problem[] {
  const type = resolveFields(from).type as string;
  const ends = { from, to };
  const fields = resolveEdgeFields(edge, ends);
  const key = fields.bindingKey as string;
  const problems: Problem[] = [];
  const say = (severity: Problem['severity'], code: string, field: string, sentence: string) => {
    const message = `${from.name} → ${to.name}: ${sentence}`;
    problems.push({
      severity,
      code,
      message,
      path: showPath(['edges', at, 'fields', field]),
      edge: edge.id,
      field,
    });
  };
  const hashes = hashWordsIn(key);
  if (type === 'topic' && hashes > MOST_HASHES) {
    const found = `found ${hashes} times the word # in the binding key ${showText(key)}, expected at most ${MOST_HASHES}`;
    say(
      'error',
      'too-many-hashes',
      'bindingKey',
      `${found}: RabbitMQ refuses such a binding from version 4.3 on.`,
    );
  }
  if (type === 'direct' && key.split('.').some((word) => word === '*' || word === '#')) {
    const sentence = `the binding key ${showText(key)} is compared letter by letter; wildcards count in a topic exchange only.`;
    say('info', 'wildcard-in-direct', 'bindingKey', sentence);
  }
  const counts = new Set(visibleEdgeFields(edge, ends).map(({ name }) => name));
  for (const name of Object.keys(fields)) {
    if (counts.has(name) || edge.fields?.[name] === undefined) continue;
    const what =
      name === 'bindingKey' ? `the binding key ${showText(key)} is` : `the ${name} of the binding are`;
    say('info', 'binding-ignored', name, `${what} ignored, since ${from.name} is a ${type} exchange.`);
  }
  if (type === 'headers' && Object.keys(fields.headers as object).length === 0) {
    if (takesEverything(type, fields))
      say('info', 'no-headers', 'headers', 'no headers are asked for, so every message matches.');
    else
      say('warning', 'no-headers', 'headers', 'any of no headers is asked for, so no message ever matches.');
  }
  return problems;
}

/** Keys of dead letters that no exchange looks at, or that no binding takes. Where headers decide, nobody can tell. */
function deadLetterProblems(design: Design, nodes: Nodes): Problem[] {
  const wirings = wiringOf(design, nodes);
  const at = new Map(design.nodes.map(({ id }, index) => [id, index]));
  const hasHeaders = design.nodes.some((node) => resolveFields(node).type === 'headers');
  return design.nodes.flatMap((node): Problem[] => {
    const key = resolveFields(node).deadLetterRoutingKey;
    if (node.kind !== 'queue' || typeof key !== 'string' || key === '') return [];
    const edge = design.edges.find(({ from, fromPort }) => from === node.id && fromPort === 'dead');
    const about = { node: node.id, field: 'deadLetterRoutingKey' };
    const start = edge ? at.get(edge.to)! : -1;
    if (!edge || !wirings[start]) {
      const message = `${node.name}: the key ${showText(key)} of its dead letters counts only where they go to an exchange.`;
      return [{ severity: 'info', code: 'dead-letter-key-ignored', message, ...about }];
    }
    const address = { routingKey: key, headers: new Map(), mandatory: false };
    if (hasHeaders || routeFrom(start, address, (of) => wirings[of]).length > 0) return [];
    const message = `${node.name} → ${nodes.get(edge.to)!.name}: dead letters with the key ${showText(key)} are lost without a word, as no binding takes them to a queue.`;
    return [{ severity: 'warning', code: 'dead-letters-unroutable', message, ...about }];
  });
}

/** Routing keys that lead to no queue from the exchange that a producer publishes to. */
function unroutableProblems(design: Design, nodes: Nodes): Problem[] {
  const wirings = wiringOf(design, nodes);
  const at = new Map(design.nodes.map(({ id }, index) => [id, index]));
  return design.edges.flatMap((edge): Problem[] => {
    const from = nodes.get(edge.from)!;
    const start = at.get(edge.to)!;
    const fields = resolveFields(from);
    if (!wirings[start] || typeof fields.routingKey !== 'string') return [];
    const { addresses } = addressesOf({ kind: from.kind, id: from.id, fields, messageType: 0 });
    const lost = addresses.filter(
      (address) => routeFrom(start, address, (node) => wirings[node]).length === 0,
    );
    if (lost.length === 0) return [];
    const fate = lost[0].mandatory ? 'returned' : 'dropped';
    const message = `${from.name} → ${nodes.get(edge.to)!.name}: ${lostWords(lost, addresses.length)} ${fate}, as no binding takes it to a queue.`;
    return [{ severity: 'warning', code: 'unroutable', message, node: edge.to, edge: edge.id }];
  });
}

function lostWords(lost: readonly Address[], all: number): string {
  if (lost.length === all && all > 1) return 'every message is';
  const keys = lost.slice(0, 3).map(({ routingKey }) => showText(routingKey));
  const more = lost.length > 3 ? ` and ${lost.length - 3} more` : '';
  return `what has the routing key ${keys.join(' or ')}${more} is`;
}

/** The wiring of every exchange by the place of its node in the design. */
function wiringOf(design: Design, nodes: Nodes): (Wiring | undefined)[] {
  const at = new Map(design.nodes.map(({ id }, index) => [id, index]));
  const parts = design.nodes.map(({ kind }) =>
    kind === 'exchange' ? { bindings: [] as Binding[], alternate: undefined as Way | undefined } : undefined,
  );
  design.edges.forEach((edge, index) => {
    const part = parts[at.get(edge.from)!];
    if (!part) return;
    const from = nodes.get(edge.from)!;
    const way = { edge: index, to: at.get(edge.to)! };
    if (!isBinding(edge, nodes)) {
      part.alternate = way;
      return;
    }
    const matches = bindingTest(resolveFields(from).type, resolveEdgeFields(edge, endsOf(edge, nodes)));
    part.bindings.push({ ...way, matches });
  });
  return parts;
}
