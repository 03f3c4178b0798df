import { useDesign, useStudio } from '../app/studio-context.tsx';
import type { FieldDefinition } from '../../design/fields.ts';
import { LIMITS } from '../../design/limits.ts';
import type { Chaos } from '../../design/types.ts';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { count, duration, perSecond } from '../look/figures.ts';
import { FieldRow } from './fields/field-row.tsx';
import { GoalList } from './goal-list.tsx';
import { MessageTypeList } from './message-type-list.tsx';
import { NowTable } from './figures/now-table.tsx';
import { planFaults } from './plan-faults.ts';
import { ScheduledFaultList } from './scheduled-fault-list.tsx';
import { useDraft } from './use-draft.ts';

/** Longest run that can be asked for, in ms: a year. */
const HORIZON_MS_MAX = 31_536_000_000;

const HORIZON: FieldDefinition = {
  name: 'horizonMs',
  label: 'Runs for',
  help: 'Simulated time at which the run ends.',
  value: { type: 'duration', min: 1, max: HORIZON_MS_MAX },
  default: 600_000,
  live: false,
};

const CHAOS_RATE: FieldDefinition = {
  name: 'chaosRate',
  label: 'Random faults',
  help: 'So many a minute on average, of any node or edge, drawn from the seed: the same seed brings the same faults.',
  value: { type: 'number', min: 0, max: LIMITS.chaosPerMinute, unit: 'a minute' },
  default: 0,
  live: false,
};

const CHAOS_HEAL = {
  name: 'chaosHeal',
  label: 'Healed after',
  help: 'How long each of them lasts.',
  value: { type: 'duration', min: 1, max: LIMITS.horizonMs },
  default: 20_000,
  live: false,
} as const satisfies FieldDefinition;

const WARM_UP: FieldDefinition = {
  name: 'warmUpMs',
  label: 'Warm-up',
  help: 'Results leave out what happens before this time, while queues fill to their usual level.',
  value: { type: 'duration', min: 0, max: HORIZON_MS_MAX, zeroMeans: 'none' },
  default: 0,
  live: false,
};

/** Nothing is selected: the design itself, its scenario, its message types and goals. */
export function DesignInspector() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
  const { scenario } = design;
  return (
    <>
      <header>
        <div className="what">
          <h1>{design.name}</h1>
          <p className="kind">{sizeText(design.nodes.length, design.edges.length)}</p>
        </div>
      </header>
      <WholeNow />
      <section aria-label="Scenario">
        <h2>Scenario</h2>
        <FieldRow
          definition={HORIZON}
          value={scenario.horizonMs}
          messageTypes={[]}
          onChange={(value) =>
            studio.edit.dispatch({ type: 'set-scenario', horizonMs: Number(value) }, 'horizon')
          }
        />
        <FieldRow
          definition={WARM_UP}
          value={scenario.warmUpMs}
          messageTypes={[]}
          onChange={(value) =>
            studio.edit.dispatch({ type: 'set-scenario', warmUpMs: Number(value) }, 'warm-up')
          }
        />
        <SeedField seed={scenario.seed} />
        <ChaosFields chaos={scenario.chaos} />
      </section>
      <ScheduledFaultList />
      <MessageTypeList />
      <GoalList />
    </>
  );
}

/** Faults at random: how often, and for how long. */
function ChaosFields({ chaos }: { chaos: Chaos | undefined }) {
  const studio = useStudio();
  const set = (changed: Partial<Chaos>, step: string) => {
    const next = { perMinute: 0, healAfterMs: CHAOS_HEAL.default, ...chaos, ...changed };
    studio.edit.dispatch({ type: 'set-chaos', ...(next.perMinute > 0 ? { chaos: next } : {}) }, step);
  };
  return (
    <>
      <FieldRow
        definition={CHAOS_RATE}
        value={chaos?.perMinute ?? 0}
        messageTypes={[]}
        onChange={(value) => set({ perMinute: Number(value) }, 'chaos rate')}
      />
      {chaos && (
        <>
          <FieldRow
            definition={CHAOS_HEAL}
            value={chaos.healAfterMs}
            messageTypes={[]}
            onChange={(value) => set({ healAfterMs: Number(value) }, 'chaos heal')}
          />
          <div className="actions">
            <button
              type="button"
              className="btn line"
              title="Writes out every fault that the seed brings, to change them one by one. The run stays the same."
              onClick={() => void planFaults(studio)}
            >
              Make these faults planned
            </button>
          </div>
        </>
      )}
    </>
  );
}

function sizeText(nodes: number, edges: number): string {
  return `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${edges} ${edges === 1 ? 'edge' : 'edges'}`;
}

function SeedField({ seed }: { seed: number | string }) {
  const studio = useStudio();
  const draft = useDraft({
    text: String(seed),
    commit: (text) => {
      const wanted = text.trim();
      if (!wanted) return 'Give a number or a text.';
      studio.edit.dispatch({ type: 'set-scenario', seed: seedOf(wanted) });
      return null;
    },
  });
  return (
    <div className="field">
      <label htmlFor="scenario-seed" title="The same seed gives the same run. Any number or text.">
        Seed
      </label>
      <div className="value">
        <span className={draft.problem ? 'box bad' : 'box'}>
          <input id="scenario-seed" maxLength={80} spellCheck={false} {...draft.input} />
        </span>
        {draft.problem && <p className="refused">{draft.problem}</p>}
      </div>
    </div>
  );
}

/** Digits are a number, as the command line reads them; anything else is a text. */
export function seedOf(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function WholeNow() {
  const frame = useFrameTick(4);
  if (!frame) return null;
  const { data } = frame;
  const dead = data[HEADER.deadLettered];
  const lost = data[HEADER.dropped] + data[HEADER.expired];
  const rows = [
    { label: 'Arrive', value: perSecond(data[HEADER.arrivalRatePerSecond]) },
    { label: 'Done, by all groups', value: perSecond(data[HEADER.throughputPerSecond]) },
    { label: 'Behind', value: count(data[HEADER.lag]) },
    { label: 'In flight', value: count(data[HEADER.inFlight]) },
    { label: 'Latency, p50', value: duration(data[HEADER.latencyMsP50]) },
    { label: 'Latency, p95', value: duration(data[HEADER.latencyMsP95]) },
    { label: 'Latency, p99', value: duration(data[HEADER.latencyMsP99]) },
    { label: 'Dead-lettered', value: count(dead), bad: dead > 0 },
    ...(lost > 0 ? [{ label: 'Dropped or expired', value: count(lost), bad: true }] : []),
    {
      label: 'Fingerprint',
      value: fingerprint(data),
      title: 'Equal for equal design, seed and time, in every browser and on the command line.',
      testId: 'run-hash',
    },
  ];
  return <NowTable title="Now" rows={rows} />;
}

/** The rolling hash of every event so far, as 16 hexadecimal digits. */
function fingerprint(data: Float64Array): string {
  const half = (column: number) => data[column].toString(16).padStart(8, '0');
  return half(HEADER.hashHigh) + half(HEADER.hashLow);
}
