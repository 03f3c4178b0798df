import type { Design, Problem } from '../design/types.ts';
import { FrameLayout, HEADER } from '../simulation/frame/frame-layout.ts';
import type { TraceRow } from '../simulation/run.ts';
import { WorkerClient, type WorkerPort } from '../worker/client.ts';
import type { FromWorker, SessionState } from '../worker/protocol.ts';
import { FieldSender } from './field-sender.ts';
import { Frames } from './frames.ts';
import { createRunStore, initialRunState, type RunCommands } from './run-store.ts';
import { decideSync } from './run-sync.ts';

/** More rows than this are dropped from the old end. */
const TRACE_ROWS = 5000;

/**
 * Keeps the run in step with the design: owns the worker's client, puts its news into the run store and the frames,
 * and decides what an edit means for the run. Hears of designs by `show` and knows no design store.
 */
export function createRunControl(
  options: { startWorker?: () => WorkerPort; onNotice?: (notice: Problem) => void } = {},
) {
  const store = createRunStore();
  const frames = new Frames();
  let layout: FrameLayout | null = null;
  /** What the run in the worker was made of, later field changes included. */
  let running: Design | null = null;
  /** Said in the trace once the worker has started anew. */
  let restartRow: TraceRow | null = null;
  /** Rows no longer in the store, so that the worker's count of rows still fits. */
  let droppedRows = 0;
  let faultsByHand = 0;
  /** The design was just opened: that it cannot run is said at once, where an edit leaves it to the clock's side. */
  let justOpened = false;

  const client = new WorkerClient(
    {
      onMessage: take,
      onFrame,
      onHealth: (health) => store.setState({ health }),
      onFailure(failure) {
        const isOver = failure.code === 'simulation-not-answering';
        store.setState(isOver ? { failure, session: 'failed' } : { failure });
      },
    },
    options.startWorker,
  );

  const fields = new FieldSender((change) => client.send({ type: 'set-field', ...change }));

  function take(message: Exclude<FromWorker, { type: 'pong' | 'frame' }>): void {
    switch (message.type) {
      case 'compiled':
        layout = new FrameLayout(message.shape);
        startOver({ shape: message.shape, problems: message.problems });
        justOpened = false;
        return;
      case 'refused':
        layout = null;
        startOver({ problems: message.problems });
        if (justOpened) options.onNotice?.(refusal(message.problems));
        justOpened = false;
        return;
      case 'problems':
        store.setState({ problems: message.problems });
        return;
      case 'session': {
        const { state, speed, simulatedMs, horizonMs } = message;
        store.setState({ session: state, speed, simulatedMs, horizonMs });
        // They were of the moment where the run stood still.
        if (state === 'running' && store.getState().results) store.setState({ results: null });
        return;
      }
      case 'trace':
        return addRows(message.rows);
      case 'faults':
        store.setState({ activeFaults: message.active });
        return;
      case 'rewound':
        frames.rewind(message.toMs);
        store.setState({
          trace: store.getState().trace.slice(0, Math.max(0, message.traceRows - droppedRows)),
          results: null,
        });
        return;
      case 'rejected':
        options.onNotice?.(message.problem);
        return;
      case 'letters':
        store.setState({ letters: { node: message.node, rows: message.letters } });
        return;
      case 'results':
        store.setState({ results: message.results });
        return;
      case 'failed':
        store.setState({ failure: message.problem });
    }
  }

  /** A new run stands at time zero, or none could be made. */
  function startOver(found: { shape?: FrameLayout['shape']; problems: readonly Problem[] }): void {
    frames.clear();
    droppedRows = 0;
    const { session, speed, health, horizonMs, ...before } = store.getState();
    const documents = before.documents + (justOpened ? 1 : 0);
    store.setState({ ...initialRunState, session, speed, health, horizonMs, documents, ...found });
    if (restartRow) {
      // Not one of the worker's rows, so its count does not include it.
      droppedRows = -1;
      store.setState({ trace: [restartRow] });
      restartRow = null;
    }
  }

  function addRows(rows: readonly TraceRow[]): void {
    const all = [...store.getState().trace, ...rows];
    const excess = Math.max(0, all.length - TRACE_ROWS);
    droppedRows += excess;
    store.setState({ trace: excess > 0 ? all.slice(excess) : all });
  }

  function onFrame(data: Float64Array): void {
    if (!layout) return;
    if (data.length < layout.samplesAt || data.length !== layout.size(data[HEADER.sampleCount])) {
      store.setState({
        failure: {
          severity: 'error',
          code: 'frame-malformed',
          message: `A frame of ${data.length} figures does not fit the design and was ignored.`,
        },
      });
      return;
    }
    frames.publish({ layout, data });
    const { session } = store.getState();
    // While time passes the session messages set the pace; at rest the frame is the news.
    if (session !== 'running' && session !== 'seeking') {
      store.setState({ simulatedMs: data[HEADER.simulatedMs] });
    }
  }

  function command(message: Parameters<WorkerClient['send']>[0]): void {
    fields.flush();
    client.send(message);
  }

  function load(design: Design): void {
    fields.clear();
    running = design;
    client.load(design);
  }

  function restart(design: Design, reason: string): void {
    const { session, simulatedMs } = store.getState();
    // A run just started has no time on its clock yet, and is stopped all the same.
    if (session === 'running' || simulatedMs > 0) {
      restartRow = { atMs: 0, node: '', code: 'restart', text: reason };
      options.onNotice?.({ severity: 'info', code: 'run-restarts', message: reason });
    }
    load(design);
  }

  const commands: RunCommands = {
    play: () => command({ type: 'play' }),
    pause: () => command({ type: 'pause' }),
    step: () => command({ type: 'step' }),
    reset: () => command({ type: 'reset' }),
    seek: (toMs) => command({ type: 'seek', toMs }),
    setSpeed(speed) {
      store.setState({ speed });
      command({ type: 'speed', speed });
    },
    inject(place, fault, args, forMs) {
      command({ type: 'inject', id: `by-hand-${++faultsByHand}`, place, fault, args, forMs });
    },
    heal: (id) => command({ type: 'heal', id }),
    browse: (node) => client.send({ type: 'browse', node }),
  };

  return {
    store,
    frames,
    commands,
    /** The design is now this one. `anew` says that it is another document, not an edit of the one before. */
    show(design: Design, anew = false): void {
      justOpened ||= anew;
      if (anew || !running) return load(design);
      const decision = decideSync(running, design);
      if (decision.type === 'restart') return restart(design, decision.reason);
      // Nothing has happened yet: a new value holds from the start.
      if (decision.type === 'set-fields' && isAtStart(store.getState().session)) return load(design);
      running = design;
      client.remember(design);
      if (decision.type === 'set-fields') fields.change(decision.changes);
    },
    dispose() {
      fields.clear();
      client.dispose();
    },
  };
}

/** What is told of an opened design that cannot run: its first error, and how many problems there are. */
function refusal(problems: readonly Problem[]): Problem {
  const worth = problems.filter(({ severity }) => severity !== 'info');
  const first = worth.find(({ severity }) => severity === 'error') ?? worth[0];
  const count = worth.length === 1 ? '' : ` It has ${worth.length} problems.`;
  return { ...first, code: 'cannot-run', message: `This design cannot run yet. ${first.message}${count}` };
}

function isAtStart(session: SessionState): boolean {
  return session === 'idle' || session === 'compiling' || session === 'ready' || session === 'failed';
}

export type RunControl = ReturnType<typeof createRunControl>;
