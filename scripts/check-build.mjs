// The last step of `npm run build`: what is built is what was promised.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** Most that the page loads before it can be used, compressed. */
const FIRST_LOAD_KB = 260;

const html = readFileSync('dist/index.html', 'utf8');
const firstLoad = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
  ([, path]) => path,
);
const sizes = firstLoad.map((path) => gzipSync(readFileSync(`dist/${path}`)).length / 1000);
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(
  `First load: ${total.toFixed(0)} kB gzip in ${firstLoad.length} files, of at most ${FIRST_LOAD_KB} kB.`,
);

const cli = readdirSync('dist-cli', { recursive: true });
const complaints = [
  [firstLoad.length === 0, 'dist/index.html loads no script.'],
  [total > FIRST_LOAD_KB, 'The first load is too large: make heavy parts lazy.'],
  [
    /(?:src|href)="\//.test(html),
    'dist/index.html has an absolute address; the site must run from any folder.',
  ],
  [cli.length !== 1, `dist-cli should hold spillway.js alone, found ${cli.join(', ')}.`],
  [
    !readFileSync('dist-cli/spillway.js', 'utf8').startsWith('#!/usr/bin/env node\n'),
    'dist-cli/spillway.js does not start with #!/usr/bin/env node.',
  ],
  [
    !readFileSync('dist/spillway.schema.json', 'utf8').includes('$schema'),
    'The published JSON Schema is empty.',
  ],
].flatMap(([wrong, sentence]) => (wrong ? [sentence] : []));

for (const sentence of complaints) console.error(sentence);
if (complaints.length > 0) process.exit(1);
