import type { Json } from './types.ts';

type JsonObject = { readonly [key: string]: Json };

/** Marks by which files of other tools are known, most telling first. */
const JSON_TOOLS: readonly { tool: string; is: (file: JsonObject) => boolean }[] = [
  { tool: 'an Excalidraw drawing', is: (file) => startsWith(file.type, 'excalidraw') },
  {
    tool: 'a tldraw drawing',
    is: (file) => has(file, 'tldrawFileFormatVersion') || startsWith(file.type, 'application/tldraw'),
  },
  { tool: 'an n8n workflow', is: (file) => Array.isArray(file.nodes) && isObject(file.connections) },
  { tool: 'an AsyncAPI document', is: (file) => has(file, 'asyncapi') },
  { tool: 'an OpenAPI document', is: (file) => has(file, 'openapi') || has(file, 'swagger') },
  {
    tool: 'a JSON Schema',
    is: (file) => has(file, '$schema') && (has(file, 'properties') || has(file, '$defs')),
  },
  {
    tool: 'a CloudFormation template',
    is: (file) => has(file, 'AWSTemplateFormatVersion') || has(file, 'Resources'),
  },
  { tool: 'a Step Functions state machine', is: (file) => has(file, 'StartAt') && has(file, 'States') },
  { tool: 'a Jupyter notebook', is: (file) => has(file, 'nbformat') },
  { tool: 'an npm package file', is: (file) => has(file, 'dependencies') || has(file, 'devDependencies') },
  { tool: 'a Structurizr workspace', is: (file) => isObject(file.model) && isObject(file.views) },
  { tool: 'a React Flow graph', is: (file) => Array.isArray(file.nodes) && has(file, 'viewport') },
];

const TEXT_TOOLS: readonly { tool: string; start: RegExp }[] = [
  {
    tool: 'Mermaid text',
    start:
      /^(?:---\s[\s\S]{0,2000}?\n---\s*)?(?:%%.*\n\s*)*(?:flowchart|graph|sequenceDiagram|stateDiagram|classDiagram|erDiagram)\b/,
  },
  { tool: 'PlantUML text', start: /^@start\w+/ },
  { tool: 'a draw.io file', start: /^(?:<\?xml[^>]*>\s*)?<mxfile/ },
  { tool: 'XML or HTML', start: /^<[a-zA-Z?!]/ },
  { tool: 'an AsyncAPI document in YAML', start: /^(?:#.*\n)*asyncapi\s*:/ },
  { tool: 'Graphviz text', start: /^(?:strict\s+)?(?:di)?graph\b[^{\n]*\{/ },
];

/** What a parsed file of another tool is ("an Excalidraw drawing"), or null if nobody knows it. */
export function foreignJson(value: Json): string | null {
  if (Array.isArray(value)) {
    const nodeRed =
      value.length > 0 && value.every((item) => isObject(item) && has(item, 'id') && has(item, 'type'));
    return nodeRed ? 'a Node-RED flow' : null;
  }
  if (!isObject(value)) return null;
  return JSON_TOOLS.find((known) => known.is(value))?.tool ?? null;
}

/** What text that is not JSON is ("Mermaid text"), or null if nobody knows it. */
export function foreignText(text: string): string | null {
  const start = text.slice(0, 4000).trimStart();
  return TEXT_TOOLS.find((known) => known.start.test(start))?.tool ?? null;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

function startsWith(value: Json | undefined, start: string): boolean {
  return typeof value === 'string' && value.startsWith(start);
}
