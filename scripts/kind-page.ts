import type { Json } from '../src/design/types.ts';
import type { FieldDefinition, FieldType } from '../src/design/fields.ts';
import type { FaultDefinition, KindDefinition, PortDefinition } from '../src/kinds/kind.ts';

/** The reference page of a kind as Markdown, made from its definition alone. */
export function kindPage(definition: KindDefinition): string {
  const { name, kind, family, summary, fields, ports, faults, docs } = definition;
  return [
    `# ${name}`,
    `${summary}`,
    `In a design file: \`"kind": "${kind}"\`. Family: ${family}.`,
    '## Fields',
    fields.length > 0 ? fieldTable(fields) : 'None.',
    '## Connections',
    ports.map(portLine).join('\n'),
    ...ports.flatMap(edgeFieldTexts),
    ...(faults.length > 0 ? ['## Faults', ...faults.map(faultText)] : []),
    '## What is modelled',
    list(docs.modelled),
    '## What is not',
    list(docs.notModelled),
    '<!-- Written by `npm run docs` from the definition of the kind; a test fails when it is stale. -->',
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function fieldTable(fields: readonly FieldDefinition[]): string {
  const rows = fields.map((field) => {
    const live = field.live ? 'at once' : 'restarts';
    return `| \`${field.name}\` | ${field.label} | ${valueText(field.value)} | ${jsonText(field.default)} | ${live} | ${cell(helpText(field))} |`;
  });
  return [
    '| field | label | value | default | change while running | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function helpText({ help, value, visibleWhen }: FieldDefinition): string {
  const options =
    value.type === 'choice'
      ? value.options.map((option) => ` \`${option.value}\`: ${option.help}`).join('')
      : '';
  const when = visibleWhen
    ? ` Counts only while \`${visibleWhen.field}\` is ${visibleWhen.is.map((text) => `\`${text}\``).join(' or ')}.`
    : '';
  return help + options + when;
}

/** What a field may hold, for a reader. */
function valueText(value: FieldType): string {
  switch (value.type) {
    case 'integer':
    case 'number':
      return `${value.type}, ${value.min} to ${value.max} ${value.unit}`.trimEnd();
    case 'duration':
      return `duration, ${value.min} to ${value.max} ms`;
    case 'rate':
      return `rate, ${value.min} to ${value.max} a second`;
    case 'probability':
      return 'probability, 0 to 1';
    case 'choice':
      return 'one of the words explained at the right';
    case 'distribution':
      return `distribution in ${value.unit}`;
    case 'schedule':
      return 'steps of time and rate';
    case 'message-type':
      return 'a message type of the design';
    case 'text':
      return `text of at most ${value.mostBytes} bytes`;
    case 'routing-keys':
      return 'routing keys, with weights if there are several';
    case 'headers':
      return 'an object of names and values';
  }
}

function jsonText(value: Json): string {
  return `\`${JSON.stringify(value)}\``;
}

function portLine({ direction, label, side, maxEdges }: PortDefinition): string {
  const most = maxEdges === undefined ? '' : `, at most ${maxEdges}`;
  return `- **${label}**: ${direction}, on the ${side}${most}`;
}

function edgeFieldTexts({ label, edgeFields }: PortDefinition): string[] {
  return edgeFields ? [`### Fields of an edge: ${label.toLowerCase()}`, fieldTable(edgeFields)] : [];
}

function faultText({ id, label, help, healLabel, fields }: FaultDefinition): string {
  const table = fields.length > 0 ? `\n\n${fieldTable(fields)}` : '';
  return `### ${label}\n\n\`${id}\`. ${help} The way back: ${healLabel}.${table}`;
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
