import { Fragment, useEffect, useMemo, useRef, useState } from 'react';
import { useDesign, useRun, useStudio } from '../app/studio-context.tsx';
import { axisEndMs, axisTimes } from '../charts/chart-scale.ts';
import { StripRows } from '../charts/strip-rows.tsx';
import { HEADER } from '../../simulation/frame/frame-layout.ts';
import { clockTime, duration } from '../look/figures.ts';
import { FaultLane } from './fault-lane.tsx';
import { faultFlags, placeSpanLabel, stateLanes, type Lane } from './lanes.ts';
import { Scrubber } from './scrubber.tsx';

/** Most lanes under the faults; the selected nodes and the latest happenings get them. */
const LANES_MAX = 2;

/** Faults, states and charts over one axis, with the scrub head through all of them. */
export default function Timeline() {
  const studio = useStudio();
  const design = useDesign((state) => state.design);
  const selected = useDesign((state) => state.selection.nodes);
  const trace = useRun((run) => run.trace);
  const nowMs = useRun((run) => run.simulatedMs);
  const { horizonMs } = design.scenario;
  const [previewMs, setPreviewMs] = useState<number | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const flags = useMemo(() => faultFlags(design, trace), [design, trace]);
  const nextFault = flags.find((flag) => flag.future && flag.atMs >= nowMs);
  const endMs = axisEndMs(nowMs, horizonMs, nextFault?.atMs);
  useHead(root, endMs, previewMs);

  const lanes = useMemo(
    () => stateLanes(design, trace, selected, { most: LANES_MAX, mergeMs: endMs / 400 }),
    [design, trace, selected, endMs],
  );
  const shown = flags.filter((flag) => flag.atMs <= endMs);
  const share = (ms: number) => `${Math.min(100, (ms / endMs) * 100)}%`;
  const seek = (ms: number) => studio.run.seek(ms);
  return (
    <div className="timeline" ref={root}>
      <div className="dock-row">
        <div className="label">Your faults</div>
        <FaultLane flags={shown} endMs={endMs} nowMs={nowMs} onSeek={seek} />
        <div />
      </div>
      {lanes.map((lane) => (
        <div className="dock-row" key={lane.label}>
          <div className="label" title={lane.label}>
            {lane.label}
          </div>
          <LaneSpans lane={lane} nowMs={nowMs} endMs={endMs} />
          <div />
        </div>
      ))}
      <StripRows previewMs={previewMs} endMs={endMs} />
      <div className="dock-row">
        <div />
        <Axis endMs={endMs} />
        <div />
      </div>
      <div className="over">
        <div className="not-run">{nowMs < endMs * 0.85 && <span>not run yet</span>}</div>
        {shown.map((flag) => (
          <div className="fault-line" key={flag.key} style={{ left: share(flag.atMs) }} />
        ))}
        <Scrubber endMs={endMs} horizonMs={horizonMs} nowMs={nowMs} onPreview={setPreviewMs} onSeek={seek} />
        <div className="head" />
      </div>
    </div>
  );
}

/** Moves the head and the veil on every frame by one custom property, without React. */
function useHead(root: { current: HTMLDivElement | null }, endMs: number, previewMs: number | null) {
  const studio = useStudio();
  useEffect(() => {
    const place = () => {
      const { latest } = studio.frames;
      const nowMs = latest ? latest.data[HEADER.simulatedMs] : studio.runs.getState().simulatedMs;
      const share = Math.min(1, Math.max(0, (previewMs ?? nowMs) / endMs));
      root.current?.style.setProperty('--head', String(share));
    };
    place();
    const stopFrames = studio.frames.subscribe(place);
    const stopRun = studio.runs.subscribe(place);
    return () => {
      stopFrames();
      stopRun();
    };
  }, [studio, root, endMs, previewMs]);
}

function LaneSpans({ lane, nowMs, endMs }: { lane: Lane; nowMs: number; endMs: number }) {
  const percent = (ms: number) => (ms / endMs) * 100;
  return (
    <div className="lane">
      {lane.spans.map((span, at) => {
        const untilMs = span.untilMs ?? nowMs;
        const [left, right] = [percent(span.fromMs), percent(untilMs)];
        const next = percent(lane.spans[at + 1]?.fromMs ?? endMs);
        const label = placeSpanLabel(span.label, left, right, next);
        const title = `${span.label}, ${clockTime(span.fromMs)} for ${duration(untilMs - span.fromMs)}`;
        return (
          <Fragment key={span.fromMs}>
            <span
              className={`span${span.untilMs === undefined ? ' open' : ''}${label.place === 'inside' ? '' : ' narrow'}`}
              style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
              title={title}
            >
              {label.place === 'inside' ? label.text : ''}
            </span>
            {label.place === 'after' && (
              <span className="span-label" style={{ left: `${right}%` }}>
                {label.text}
              </span>
            )}
          </Fragment>
        );
      })}
    </div>
  );
}

function Axis({ endMs }: { endMs: number }) {
  return (
    <div className="axis" aria-hidden>
      {axisTimes(endMs).map((ms) => (
        <span
          key={ms}
          className={ms > endMs * 0.97 ? 'end' : undefined}
          style={{ left: `${Math.min(100, (ms / endMs) * 100)}%` }}
        >
          {endMs < 10_000 ? duration(ms) : clockTime(ms)}
        </span>
      ))}
    </div>
  );
}
