import type { Design, Problem } from '../../design/types.ts';
import { kindDefinition } from '../../kinds/registry.ts';

/** Where a problem is, in the words of the canvas and the form: "billing, session timeout", "web → orders". */
export function problemPlace(design: Design, problem: Problem): string {
  const nameOf = (id: string) => design.nodes.find((node) => node.id === id)?.name ?? id;
  const node = design.nodes.find(({ id }) => id === problem.node);
  if (node) {
    const field = kindDefinition(node.kind)?.fields.find(({ name }) => name === problem.field);
    return field ? `${node.name}, ${field.label.toLowerCase()}` : node.name;
  }
  const edge = design.edges.find(({ id }) => id === problem.edge);
  if (edge) return `${nameOf(edge.from)} → ${nameOf(edge.to)}`;
  return problem.path ?? 'The design';
}

/** What is wrong, without the place before it: for where the place is said in words. */
export function problemText(design: Design, problem: Problem): string {
  const { message, path, field } = problem;
  const whole = problemPlace(design, problem);
  const subject = problemPlace(design, { ...problem, field: undefined });
  const place = [whole, subject, field === undefined ? path : undefined].find(
    (start) => start !== undefined && message.startsWith(`${start}: `),
  );
  if (place === undefined) return message;
  const rest = message.slice(place.length + 2);
  return rest[0].toUpperCase() + rest.slice(1);
}
