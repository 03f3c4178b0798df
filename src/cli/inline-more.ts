import { setFlagsFromString } from 'node:v8';

/** From so many events on, a run is over sooner if it is compiled at length. */
const MANY_EVENTS = 5_000_000;

/**
 * Lets V8 put more of the functions that an event goes through into one, where a browser keeps its own limits. Changes
 * the speed only. To be called before the first run, with about how many events it will have: much in one makes long
 * runs a sixth faster (30 million events of the gallery's orders: 6.1 s for 7.1 s), but takes long to compile, and short
 * ones spend a quarter more on that (85 thousand: 0.40 s for 0.31 s, start included).
 */
export function inlineMore(events: number): void {
  setFlagsFromString('--max-inlined-bytecode-size=1000');
  setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${events < MANY_EVENTS ? 2000 : 5000}`);
}
