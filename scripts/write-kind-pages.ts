// `npm run docs`: writes docs/kinds, one page a kind.
import { mkdirSync, writeFileSync } from 'node:fs';
import { KINDS } from '../src/kinds/registry.ts';
import { kindPage } from './kind-page.ts';

mkdirSync('docs/kinds', { recursive: true });
for (const definition of KINDS) {
  writeFileSync(`docs/kinds/${definition.kind}.md`, kindPage(definition));
}
console.log(`Wrote ${KINDS.length} pages to docs/kinds.`);
