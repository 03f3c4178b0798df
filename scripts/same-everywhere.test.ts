import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutationPlugin } from './mutation.mjs';
import { bundleDriver, ENGINES, type Engine } from './same-engines.mjs';
import { compareEngines } from './same-everywhere.mjs';

const SIZE = { designs: 5, seeds: 1, events: 400 };

let bundle: string;
let engines: Engine[];

beforeAll(async () => {
  bundle = await bundleDriver();
  engines = [await ENGINES.node(bundle), await ENGINES.quickjs(bundle)];
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

/** The engine with its 10th scheduled event 1 µs late in every case. */
function late(engine: Engine): Engine {
  const answer = (request: string) => engine.answer(request.replaceAll('"events":', '"plant":10,"events":'));
  return { ...engine, answer };
}

describe('the same runs in two engines', () => {
  it('have the same hashes, figures and arithmetic', async () => {
    const { columns, differences } = await compareEngines(engines, SIZE, bundle);
    expect(differences).toEqual([]);
    expect(columns.map(({ answers }) => answers.length)).toEqual([5, 5]);
  });

  it('are told apart at the first event that differs when one engine is a microsecond late', async () => {
    const { differences } = await compareEngines([engines[0], late(engines[1])], SIZE, bundle);
    expect(differences.length).toBeGreaterThan(0);
    expect(differences[0]).toMatch(
      /^Node [\d.]+ \| QuickJS [\d.]+, design \d+, seed \d+\. Event \d+ is the first to differ: \d+ µs, (n\d|the run)/,
    );
  });

  it('are told apart by a last bit that no event shows', async () => {
    // With the engine's own logarithm in the place of ours: what a run would be built on if nobody looked.
    const native = mutationPlugin(join(import.meta.dirname, '..'), {
      name: "the engine's own logarithm",
      file: 'src/lib/exact-math.ts',
      find: 'return logParts(x);',
      replace: 'return Math.log(x);',
    });
    const changed = await bundleDriver([native]);
    const pair = [await ENGINES.node(changed), await ENGINES.quickjs(changed)];
    const { differences } = await compareEngines(pair, { ...SIZE, events: 5 }, changed);
    for (const engine of pair) await engine.close();
    expect(differences[0]).toMatch(
      /All events are the same, but a figure is not: (log|draw).+ = [\d.]+ \(.{8}\) \| (log|draw)/,
    );
  });

  it('fail if the engine itself breaks', async () => {
    const broken = { ...engines[1], answer: () => Promise.reject(new Error('out of memory')) };
    await expect(compareEngines([engines[0], broken], SIZE, bundle)).rejects.toThrow('out of memory');
  });
});
