import { assign, setup, type ActorRefFrom, type StateValueFrom } from 'xstate';

/** Commands of the page and news from the run, as the session machine hears them. */
export type SessionEvent =
  | { type: 'LOAD'; playOn: boolean }
  | { type: 'COMPILED' }
  | { type: 'REFUSED' }
  | { type: 'PLAY' }
  | { type: 'PAUSE' }
  | { type: 'STEP' }
  | { type: 'RESET' }
  | { type: 'SEEK'; toMs: number }
  /** The run stands at the time that was sought. */
  | { type: 'ARRIVED' }
  /** The horizon or a limit was reached. */
  | { type: 'DONE' }
  /** The run threw: a broken invariant, our bug. */
  | { type: 'BROKEN' };

/**
 * Life of the worker's session: which commands mean something when. What is done on the way (compile, drive the run,
 * post frames) is given by the session host as the implementation of the actions.
 */
export const sessionMachine = setup({
  types: {
    /** `playOn`: after the present detour (compiling, seeking) the run goes on by itself. */
    context: {} as { playOn: boolean },
    events: {} as SessionEvent,
  },
  actions: {
    compile: notProvided,
    drive: notProvided,
    seek: notProvided,
    stopDriving: notProvided,
    step: notProvided,
    standStill: notProvided,
    playOn: assign({ playOn: true }),
    stay: assign({ playOn: false }),
  },
  guards: {
    playsOn: ({ context }) => context.playOn,
  },
}).createMachine({
  id: 'session',
  description: 'Session of the worker: one design, one run, driven by the page.',
  context: { playOn: false },
  initial: 'idle',
  on: {
    LOAD: {
      target: '.compiling',
      reenter: true,
      actions: assign({ playOn: ({ event }) => event.playOn }),
    },
    BROKEN: '.failed',
  },
  states: {
    idle: { description: 'No design yet.' },
    compiling: {
      description: 'The design is being made into a run.',
      entry: 'compile',
      on: {
        COMPILED: [{ guard: 'playsOn', target: 'running' }, { target: 'ready' }],
        REFUSED: 'failed',
        PLAY: { actions: 'playOn' },
        PAUSE: { actions: 'stay' },
      },
    },
    ready: {
      description: 'At time zero, waiting to be played.',
      on: {
        PLAY: 'running',
        STEP: { target: 'paused', actions: 'step' },
        SEEK: { target: 'seeking', actions: 'stay' },
        RESET: { target: 'compiling', actions: 'stay' },
      },
    },
    running: {
      description: 'Simulated time passes.',
      entry: 'drive',
      exit: 'stopDriving',
      on: {
        PAUSE: 'paused',
        STEP: { target: 'paused', actions: 'step' },
        SEEK: { target: 'seeking', actions: 'playOn' },
        RESET: { target: 'compiling', actions: 'stay' },
        DONE: 'finished',
      },
    },
    paused: {
      description: 'Stands still between two events.',
      entry: 'standStill',
      on: {
        PLAY: 'running',
        STEP: { actions: ['step', 'standStill'] },
        SEEK: { target: 'seeking', actions: 'stay' },
        RESET: { target: 'compiling', actions: 'stay' },
        DONE: 'finished',
      },
    },
    seeking: {
      description: 'Runs to a given time as fast as it goes.',
      entry: 'seek',
      exit: 'stopDriving',
      on: {
        ARRIVED: [{ guard: 'playsOn', target: 'running' }, { target: 'paused' }],
        DONE: 'finished',
        SEEK: { target: 'seeking', reenter: true },
        PLAY: { actions: 'playOn' },
        PAUSE: 'paused',
        RESET: { target: 'compiling', actions: 'stay' },
      },
    },
    finished: {
      description: 'The horizon is reached, or a limit stopped the run.',
      entry: 'standStill',
      on: {
        PLAY: { target: 'compiling', actions: 'playOn' },
        SEEK: { target: 'seeking', actions: 'stay' },
        RESET: { target: 'compiling', actions: 'stay' },
      },
    },
    failed: {
      description: 'The design cannot run, or the run broke; the problem says why.',
      on: { RESET: { target: 'compiling', actions: 'stay' } },
    },
  },
});

export type SessionActor = ActorRefFrom<typeof sessionMachine>;

/** Name of a state of the session. */
export type SessionState = StateValueFrom<typeof sessionMachine>;

function notProvided(): void {
  throw new Error('The session machine needs the actions of a session host.');
}
