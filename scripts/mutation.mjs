import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {import('./mutant-list.mjs').Mutant} Mutant
 */

/**
 * How often the text that a mutant replaces is in its file: 1, or the mutant is stale.
 * @param {string} root
 * @param {Mutant} mutant
 */
export function occurrences(root, { file, find }) {
  return readFileSync(join(root, file), 'utf8').split(find).length - 1;
}

/**
 * A plugin of Vite that puts one bug into the source while it is read. The build fails if it never came to the file.
 * @param {string} root
 * @param {Mutant} mutant
 */
export function mutationPlugin(root, { name, file, find, replace }) {
  const path = join(root, file).replaceAll('\\', '/');
  let done = false;
  return {
    name: 'mutation',
    enforce: /** @type {const} */ ('pre'),
    /**
     * @param {string} code
     * @param {string} id
     */
    transform(code, id) {
      if (id.split('?')[0] !== path) return null;
      if (code.split(find).length !== 2) throw new Error(`${file}: “${name}” does not fit exactly once.`);
      done = true;
      return { code: code.replace(find, () => replace), map: null };
    },
    closeBundle() {
      if (!done) throw new Error(`${file} is not part of what was built.`);
    },
  };
}
