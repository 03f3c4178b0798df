import type { Design, DesignEdge, DesignNode, Problem } from '../../design/types.ts';
import { showPath, showText } from '../../design/wording.ts';
import {
  covers,
  filterTakes,
  hasWildcards,
  overlaps,
  readSubjects,
  subjectFault,
  takesSubject,
} from '../../kinds/cloud-broker/subjects.ts';
import { resolveEdgeFields } from '../../kinds/edge-fields.ts';
import { resolveFields } from '../../kinds/field-values.ts';
import { addressesOf } from '../../kinds/shared/addresses.ts';
import { edgesBy } from './connection-problems.ts';

/** A stream with its subjects, and each of its consumers with the filter of its edge. */
interface Stream {
  node: DesignNode;
  subjects: readonly string[];
  retention: unknown;
  consumers: readonly { edge: DesignEdge; path: string; target: DesignNode; filter: string }[];
}

/** Subjects that a stream with acknowledgements may not have a part of: those of the server itself. */
const OF_THE_SERVER = [
  ['jetstream api', '$JS.>'],
  ['jetstream api', '$JSC.>'],
  ['jetstream api', '$NRG.>'],
  ['system api', '$SYS.>'],
] as const;

/** Subjects and filters that a NATS server refuses, and messages that reach no stream or no consumer. */
export function subjectProblems(design: Design): Problem[] {
  const nodes = new Map(design.nodes.map((node) => [node.id, node]));
  const out = edgesBy(design.edges, 'from');
  const into = edgesBy(design.edges, 'to');
  return design.nodes.flatMap((node) => {
    const { profile, subjects, retention } = resolveFields(node);
    if (node.kind !== 'cloud-broker' || profile !== 'jetstream') return [];
    const edges = (out.get(node.id) ?? []).filter(({ fromPort }) => fromPort === 'out');
    const consumers = edges.map((edge) => {
      const target = nodes.get(edge.to)!;
      const filter = (resolveEdgeFields(edge, { from: node, to: target }).filterSubject as string).trim();
      const path = showPath(['edges', design.edges.indexOf(edge), 'fields', 'filterSubject']);
      return { edge, path, target, filter };
    });
    const stream: Stream = { node, subjects: readSubjects(subjects as string), retention, consumers };
    const refused = [...streamProblems(stream), ...filterProblems(stream), ...workQueueProblems(stream)];
    if (refused.length > 0 || stream.subjects.length === 0) return refused;
    const writers = (into.get(node.id) ?? []).map(({ from }) => nodes.get(from)!);
    return writers.flatMap((writer) => publishProblems(writer, stream));
  });
}

function streamProblems({ node, subjects }: Stream): Problem[] {
  const refuse = (found: string, why: string, answer: string): Problem[] => [
    {
      severity: 'error',
      code: 'subjects-refused',
      message: `${node.name}: found the subject ${showText(found)}, which is refused since ${why}. The server answers: ${answer}.`,
      node: node.id,
      field: 'subjects',
    },
  ];
  for (const [at, subject] of subjects.entries()) {
    const fault = subjectFault(subject);
    if (fault !== null) return refuse(subject, fault, 'invalid subject');
    const before = subjects.slice(0, at).find((other) => overlaps(other, subject));
    if (before === subject) return refuse(subject, 'it is there twice', 'duplicate subjects detected');
    if (before !== undefined) {
      const answer = `subject ${showText(before)} overlaps with ${showText(subject)}`;
      return refuse(subject, 'two subjects of a stream take the same message', answer);
    }
    if (subject === '>') {
      const answer = 'capturing all subjects requires no-ack to be true';
      return refuse(subject, 'a stream that confirms may not take everything', answer);
    }
    const api = OF_THE_SERVER.find(([, reserved]) => overlaps(reserved, subject));
    if (api) {
      const answer = `subjects that overlap with ${api[0]} require no-ack to be true`;
      return refuse(subject, 'it takes what the server sends to itself', answer);
    }
  }
  return [];
}

function filterProblems({ node, subjects, consumers }: Stream): Problem[] {
  return consumers.flatMap(({ edge, path, target, filter }): Problem[] => {
    if (filter === '') return [];
    const fault = subjectFault(filter);
    if (fault === null && subjects.some((subject) => covers(subject, filter))) return [];
    const why =
      fault ??
      (subjects.length === 0
        ? 'the stream names no subjects'
        : `no subject of the stream takes all that it takes: ${subjects.join(', ')}`);
    const message = `${node.name} → ${target.name}: found the filter ${showText(filter)}, which is refused since ${why}. The server answers: consumer filter subject is not a valid subset of the interest subjects.`;
    return [
      {
        severity: 'error',
        code: 'filter-subject-refused',
        message,
        path,
        edge: edge.id,
        field: 'filterSubject',
      },
    ];
  });
}

/** A work queue has one consumer for each message; without subjects the retention is not looked at. */
function workQueueProblems({ node, subjects, retention, consumers }: Stream): Problem[] {
  if (retention !== 'workqueue' || subjects.length === 0) return [];
  for (const [at, { edge, path, target, filter }] of consumers.entries()) {
    const same = consumers
      .slice(0, at)
      .find((other) => other.filter === '' || filter === '' || overlaps(other.filter, filter));
    if (!same) continue;
    const answer =
      same.filter === '' && filter === ''
        ? 'multiple non-filtered consumers not allowed on workqueue stream'
        : 'filtered consumer not unique on workqueue stream';
    const found = filter === '' ? 'no filter' : `the filter ${showText(filter)}`;
    const message = `${node.name} → ${target.name}: found ${found}, which takes messages of ${same.target.name}, expected one consumer for each message of a work queue. The server answers: ${answer}.`;
    return [
      { severity: 'error', code: 'work-queue-shared', message, path, edge: edge.id, field: 'filterSubject' },
    ];
  }
  return [];
}

/** What a producer publishes to: a subject without wildcards, which the stream has and a consumer wants. */
function publishProblems(writer: DesignNode, { node, subjects, retention, consumers }: Stream): Problem[] {
  const fields = resolveFields(writer);
  if (writer.kind !== 'producer') return [];
  const { addresses } = addressesOf({ kind: writer.kind, id: writer.id, fields, messageType: 0 });
  const published = addresses.map(({ routingKey }) => routingKey);
  const wrong = published.find((subject) => subjectFault(subject) !== null || hasWildcards(subject));
  if (wrong !== undefined) {
    const found = wrong === '' ? 'no routing key' : `the routing key ${showText(wrong)}`;
    const message = `${writer.name}: found ${found}, expected a subject without wildcards to publish to, as ${node.name} has subjects. The client answers: invalid subject.`;
    return [{ severity: 'error', code: 'no-subject', message, node: writer.id, field: 'routingKey' }];
  }
  const warn = (code: string, lost: readonly string[], fate: string): Problem[] => {
    if (lost.length === 0) return [];
    const more = lost.length > 3 ? ` and ${lost.length - 3} more` : '';
    const what = `what has the subject ${lost.slice(0, 3).map(showText).join(' or ')}${more}`;
    const message = `${writer.name} → ${node.name}: ${what} ${fate}`;
    return [{ severity: 'warning', code, message, node: node.id }];
  };
  const isWanted = (subject: string) => consumers.some(({ filter }) => filterTakes(filter, subject));
  const stored = published.filter((subject) => takesSubject(subjects, subject));
  const unstored = published.filter((subject) => !stored.includes(subject));
  const stays = retention === 'interest' ? 'is dropped at once' : 'stays in the stream';
  return [
    ...warn('no-stream', unstored, 'is stored nowhere. The server answers: no response from stream.'),
    ...(consumers.length === 0
      ? []
      : warn(
          'no-consumer',
          stored.filter((subject) => !isWanted(subject)),
          `${stays}, as no consumer takes it.`,
        )),
  ];
}
