import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import base from '../vitest.config.ts';
import { MUTANTS } from './mutant-list.mjs';
import { mutationPlugin } from './mutation.mjs';

const mutant = MUTANTS[Number(process.env.MUTANT)];
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The unit tests with one bug put in: the mutant whose place in the list is in the environment. */
export default mergeConfig(base, {
  root,
  plugins: mutant ? [mutationPlugin(root, mutant)] : [],
});
