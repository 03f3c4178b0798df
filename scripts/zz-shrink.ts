import fs from 'node:fs';
import { caseOf, tokenOf } from '../src/testing/fuzz/fuzz-case.ts';
import { checkCase } from '../src/testing/fuzz/check-case.ts';
import { Coverage } from '../src/testing/fuzz/coverage.ts';
import { shrink } from '../src/testing/fuzz/shrink.ts';
const f = shrink(caseOf(fs.readFileSync(process.argv[2], 'utf8').trim()), (c) => checkCase(c, new Coverage()));
fs.writeFileSync(process.argv[3], tokenOf(f.smallest)); console.log(f.sentence, f.smallest.design.nodes.length, tokenOf(f.smallest).length);
