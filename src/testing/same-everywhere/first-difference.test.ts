import { describe, expect, it } from 'vitest';
import { canRun, CaseRun, type EventReport, type SameCase } from './case-run.ts';
import { answer, checkpointsOf, type CaseAnswer, type Request } from './driver.ts';
import { firstDifference, type Ask } from './first-difference.ts';

const EVENTS = 700;
/** Designs that are looked through for one that serves. */
const DESIGNS = 100;

/** The driver in this very engine; `change` may put a bug into it. */
function engine(change: (of: SameCase) => SameCase = (of) => of): { ask: Ask; asked: Request[] } {
  const asked: Request[] = [];
  const ask = async (request: Request) => {
    asked.push(request);
    const changed =
      request.ask === 'cases'
        ? { ...request, cases: request.cases.map(change) }
        : 'of' in request
          ? { ...request, of: change(request.of) }
          : request;
    return JSON.parse(answer(JSON.stringify(changed)));
  };
  return { ask: ask as Ask, asked };
}

async function compare(of: SameCase, left: Ask, right: Ask): Promise<string | null> {
  const [[a], [b]] = await Promise.all([left, right].map((ask) => ask({ ask: 'cases', cases: [of] })));
  return await firstDifference(of, [left, right], [a, b]);
}

function allEvents(of: SameCase): EventReport[] {
  const walk = new CaseRun(of);
  const events: EventReport[] = [];
  for (let next = walk.event(1); next && next.number <= of.events; next = walk.event(next.number + 1)) {
    events.push(next);
  }
  return events;
}

/** The first design that can run and has that many events: looked for, as the fuzzer may draw others one day. */
function busyDesign(): number {
  for (let designSeed = 1; designSeed < DESIGNS; designSeed++) {
    if (canRun(designSeed) && allEvents({ designSeed, runSeed: 1, events: EVENTS }).length === EVENTS) {
      return designSeed;
    }
  }
  throw new Error(`no design has ${EVENTS} events`);
}

/** A case in which it shows that the event scheduled as number `plant` is late; a cancelled one shows nothing. */
function partingCase(plant: number): {
  of: SameCase;
  first: number;
  sound: EventReport[];
  late: EventReport[];
} {
  for (let designSeed = 1; designSeed < DESIGNS; designSeed++) {
    if (!canRun(designSeed)) continue;
    const of = { designSeed, runSeed: 5, events: EVENTS };
    const sound = allEvents(of);
    const late = allEvents({ ...of, plant });
    const first = sound.findIndex((event, i) => event.hash !== late[i]?.hash);
    if (first >= 0) return { of, first, sound, late };
  }
  throw new Error(`no run changes when event ${plant} is late`);
}

describe('two engines that part', () => {
  it.each([1, 40, 133, 300])(
    'are found out, and the first event that differs is named: the event scheduled as number %i is late',
    async (plant) => {
      const { of, first, sound, late } = partingCase(plant);
      const left = engine();
      const right = engine((same) => ({ ...same, plant }));
      const { number, timeMicros, node, type } = sound[first];
      const told = await compare(of, left.ask, right.ask);
      expect(told).toContain(`Event ${number} is the first to differ: ${timeMicros} µs, ${node}, ${type}, `);
      expect(told).toContain(` | ${late[first].timeMicros} µs, ${late[first].node}, ${late[first].type}, `);
      expect(left.asked.length).toBeLessThanOrEqual(5);
    },
  );

  it('are told from what is done from outside', async () => {
    const of = { designSeed: busyDesign(), runSeed: 1, events: 8 };
    const [sound] = allEvents(of);
    const lie: Ask = async (request) => {
      const said = await engine().ask(request);
      if (request.ask === 'event') return { ...sound, hashBefore: '0' } as never;
      if (request.ask !== 'cases') return said;
      return [{ ...(said as CaseAnswer[])[0], checkpoints: ['0', '0', '0', '0'] }] as never;
    };
    expect(await compare(of, engine().ask, lie)).toContain(
      'What is done from outside before event 1 differs',
    );
  });

  it('are found out by a figure if all events are the same', async () => {
    const of = { designSeed: busyDesign(), runSeed: 1, events: EVENTS, frame: true };
    const lie: Ask = async (request) => {
      const said = await engine().ask(request);
      if (request.ask === 'cases') return [{ ...(said as CaseAnswer[])[0], figures: '0' }] as never;
      if (request.ask !== 'figures') return said;
      return (said as string[]).map((line) => (line.startsWith('frame[3]') ? 'frame[3] = 1' : line)) as never;
    };
    const told = await compare(of, engine().ask, lie);
    expect(told).toMatch(/^All events are the same, but a figure is not: frame\[3\] = .* \| frame\[3\] = 1$/);
  });

  it('are found out if one of them cannot run the case at all', async () => {
    const of = { designSeed: busyDesign(), runSeed: 1, events: EVENTS };
    const lacking: Ask = async (request) =>
      (request.ask === 'cases' ? [{ error: 'no TextEncoder' }] : []) as never;
    expect(await compare(of, engine().ask, lacking)).toBe('ran to its end | no TextEncoder');
  });
});

describe('two engines that agree', () => {
  it('have nothing to tell', async () => {
    const of = { designSeed: busyDesign(), runSeed: 1, events: EVENTS, frame: true };
    expect(await compare(of, engine().ask, engine().ask)).toBeNull();
  });

  it('give the same hashes whichever counts of events are asked for', () => {
    const of = { designSeed: busyDesign(), runSeed: 3, events: EVENTS };
    const everyEvent = allEvents(of).map(({ hash }) => hash);
    const walk = new CaseRun(of);
    const counts = checkpointsOf(of);
    expect(counts).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 700]);
    expect(counts.map((count) => walk.hashAfter(count))).toEqual(
      counts.map((count) => everyEvent[count - 1]),
    );
  });
});
