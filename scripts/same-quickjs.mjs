// `node scripts/same-quickjs.mjs BUNDLE < REQUEST`: answers one request of scripts/same-everywhere.mjs in QuickJS.
import { readFileSync } from 'node:fs';
import { getQuickJS } from 'quickjs-emscripten';

const bundle = readFileSync(process.argv[2], 'utf8');
const quickjs = await getQuickJS();
const context = quickjs.newContext();
const set = context.evalCode(bundle);
if (set.error) throw new Error(JSON.stringify(context.dump(set.error)));
set.value.dispose();
const request = context.newString(readFileSync(0, 'utf8'));
context.setProp(context.global, 'request', request);
const done = context.evalCode('spillwaySame.answer(request)');
if (done.error) throw new Error(JSON.stringify(context.dump(done.error)));
process.stdout.write(context.getString(done.value));
done.value.dispose();
request.dispose();
context.dispose();
