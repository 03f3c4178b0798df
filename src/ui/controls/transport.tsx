import SkipBack from 'lucide-react/icons/skip-back';
import StepForward from 'lucide-react/icons/step-forward';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import type { SessionState } from '../../worker/protocol.ts';
import { problemPlace, problemText } from '../app/problem-words.ts';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { clock, clockTime } from '../look/figures.ts';
import { DesignLoad } from './design-load.tsx';
import { playOrPause } from './play-or-pause.ts';
import { runMessage } from './run-message.ts';
import { maxSpeedText, shortfallText, shortfallTitle, speedText } from './speeds.ts';
import { useFrameTick } from './use-frame-tick.ts';

/** Play, restart, step, speed, the clock, what the run has to say, and the seed. */
export function Transport() {
  const studio = useStudio();
  const session = useRun((run) => run.session);
  const canStep = session === 'ready' || session === 'paused';
  return (
    <div className="transport" role="group" aria-label="Run">
      <PlayButton session={session} />
      <button
        type="button"
        className="btn icon"
        aria-label="Restart"
        title="Back to the start (Home)"
        disabled={session === 'idle' || session === 'compiling'}
        onClick={() => studio.run.reset()}
      >
        <SkipBack size={18} strokeWidth={1.75} aria-hidden />
      </button>
      <button
        type="button"
        className="btn icon"
        aria-label="Step by one event"
        title="Step by one event (.)"
        disabled={!canStep}
        onClick={() => studio.run.step()}
      >
        <StepForward size={18} strokeWidth={1.75} aria-hidden />
      </button>
      <Suspense fallback={<SpeedWhileLoading />}>
        <SpeedMenu />
      </Suspense>
      <Clock />
      <Message />
      <DesignLoad />
      <span className="space" />
      <SpeedReached />
      <Seed />
    </div>
  );
}

/** Menus come right after the first load: their library is a sixth of it. */
const SpeedMenu = lazy(() => import('./speed-menu.tsx'));

function SpeedWhileLoading() {
  const speed = useRun((run) => run.speed);
  return (
    <button type="button" className="btn line" disabled>
      {speedText(speed)}
    </button>
  );
}

const PLAY_WORDS: Record<SessionState, string> = {
  idle: 'Play',
  compiling: 'Play',
  ready: 'Play',
  running: 'Pause',
  paused: 'Play',
  seeking: 'Seeking…',
  finished: 'Play again',
  failed: 'Play',
};

function PlayButton({ session }: { session: SessionState }) {
  const studio = useStudio();
  const refusal = useRun((run) => run.problems.find((problem) => problem.severity === 'error'));
  const refused = session === 'failed' && refusal !== undefined;
  const design = useDesign((state) => state.design);
  const running = session === 'running';
  return (
    <button
      type="button"
      className="btn play"
      aria-keyshortcuts="Space"
      title={
        refused
          ? `This design cannot run yet. ${problemPlace(design, refusal)}: ${problemText(design, refusal)}`
          : `${PLAY_WORDS[session]} (Space)`
      }
      disabled={session === 'seeking' || refused}
      onClick={() => playOrPause(studio)}
    >
      <svg viewBox="0 0 24 24" width={18} height={18} aria-hidden>
        {running ? (
          <path d="M8 5v14M16 5v14" stroke="currentColor" strokeWidth={3} strokeLinecap="round" />
        ) : (
          <path d="M7 4.5v15L19.5 12Z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
        )}
      </svg>
      {PLAY_WORDS[session]}
    </button>
  );
}

/** Simulated time, written straight into the page on each frame. */
function Clock() {
  const studio = useStudio();
  const text = useRef<HTMLSpanElement>(null);
  const horizonMs = useDesign((state) => state.design.scenario.horizonMs);
  useEffect(() => {
    const show = () => {
      const frame = studio.frames.latest;
      const ms = frame ? frame.data[HEADER.simulatedMs] : studio.runs.getState().simulatedMs;
      if (text.current) text.current.textContent = clock(ms);
    };
    show();
    const stopFrames = studio.frames.subscribe(show);
    const stopRun = studio.runs.subscribe(show);
    return () => {
      stopFrames();
      stopRun();
    };
  }, [studio]);
  return (
    <>
      <span className="clock" ref={text} role="timer" aria-label="Simulated time">
        00:00.0
      </span>
      <span className="quiet">of {clockTime(horizonMs)}</span>
    </>
  );
}

function SpeedReached() {
  const frame = useFrameTick(2);
  const running = useRun((run) => run.session === 'running');
  const asked = useRun((run) => run.speed);
  if (!running || !frame) return null;
  const reached = frame.data[HEADER.speedReached];
  const tooSlow = shortfallText(asked, reached);
  if (tooSlow !== null) {
    return (
      <span className="speed-reached short" title={shortfallTitle(asked, reached)}>
        {tooSlow}
      </span>
    );
  }
  const text = asked === 'max' ? maxSpeedText(reached) : null;
  return text && <span className="quiet speed-reached">{text}</span>;
}

/** How long a message about a restart stays, in wall milliseconds. */
const MESSAGE_MS = 12_000;

function Message() {
  const design = useDesign((state) => state.design);
  const message = runMessage(
    useRun((state) => state),
    design,
  );
  return (
    <span className={message?.bad ? 'run-message bad' : 'run-message'} role="status" aria-live="polite">
      {message && <MessageText key={message.text} text={message.text} fleeting={message.fleeting} />}
    </span>
  );
}

/** The sentence itself; a new one starts its time anew by its key. */
function MessageText({ text, fleeting }: { text: string; fleeting: boolean }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!fleeting) return;
    const timer = setTimeout(() => setOver(true), MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [fleeting]);
  return over ? null : <span title={text}>{text}</span>;
}

function Seed() {
  const studio = useStudio();
  const seed = useDesign((state) => state.design.scenario.seed);
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const wanted = draft?.trim();
    setDraft(null);
    if (!wanted || wanted === String(seed)) return;
    const number = Number(wanted);
    const value = /^\d{1,15}$/.test(wanted) ? number : wanted;
    studio.edit.dispatch({ type: 'set-scenario', seed: value });
  };
  return (
    <label className="seed" title="The same seed gives the same run. Any number or text.">
      seed
      <input
        value={draft ?? String(seed)}
        maxLength={80}
        spellCheck={false}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
    </label>
  );
}
