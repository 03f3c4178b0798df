import { expect, it } from 'vitest';
import { routing } from '../../gallery/routing.ts';
import type { Delivery } from '../../kinds/exchange/routing.ts';
import { compile } from '../../simulation/compile.ts';
import { insideOf, LAWS, watchRun } from './watch-run.ts';

/** What the law says of the gallery's design when the exchange takes other routes than its bindings say. */
function saidOf(change: (route: readonly Delivery[]) => readonly Delivery[]): string | null {
  const { run } = compile(routing);
  const { exchanges } = insideOf(run!).kinds;
  const routeOf = Reflect.get(exchanges, 'routeOf') as (node: number, address: number) => readonly Delivery[];
  Reflect.set(exchanges, 'routeOf', (node: number, address: number) =>
    change(routeOf.call(exchanges, node, address)),
  );
  const watch = watchRun(run!, [], [LAWS.routing]);
  try {
    for (let event = 0; event < 400 && run!.advance(Infinity, 1) === 1; event++) watch.check(false);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it('routing: says nothing of a run as it is, and sees a copy too many, too few and for the wrong queue', () => {
  expect(saidOf((route) => route)).toBeNull();
  expect(saidOf((route) => [...route, route[0]])).toMatch(/^I4: a second copy/);
  expect(saidOf((route) => route.slice(0, 1))).toMatch(/^I4: a bound queue got no copy/);
  expect(saidOf(([first]) => [{ ...first, edge: 1 }])).toMatch(/^I4: a copy for a queue that is not bound/);
});
