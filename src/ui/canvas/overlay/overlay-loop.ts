import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import type { Frame, Frames } from '../../../store/frames.ts';
import type { ActiveFault, RunStore } from '../../../store/run-store.ts';
import type { Colors } from '../../look/tokens.ts';
import { detailAt } from '../level-of-detail.ts';
import type { Badge } from './badges.ts';
import { frameIndex, type FrameIndex } from './frame-index.ts';
import { Levels } from './levels.ts';
import {
  crashedMembers,
  edgeTroubles,
  downNodes,
  edgeLook,
  paintCards,
  paintEdges,
  paintParticles,
  punchCards,
  readEdge,
  sceneMix,
  type Moment,
} from './paint.ts';
import { Particles } from './particles.ts';
import { makeHatch, makePen } from './pen.ts';
import { EMPTY_SCENE, type Scene } from './scene.ts';
import { makeSprites, type Sprites } from './sprites.ts';

/** What the loop reads; all of it lives outside React. */
export interface OverlaySources {
  frames: Frames;
  runs: RunStore;
  /** React Flow's transform: x, y, zoom. */
  transform(): readonly [number, number, number];
  readColors(): Colors;
  /** True where motion is unwanted. */
  still(): boolean;
}

/** What the loop tells the page, only when it changes. */
export interface OverlayNews {
  live: boolean;
  down: ReadonlySet<string>;
  dotWorth: number;
}

/** Figures change at most this often, so that they can be read; at rest at once. */
const FIGURES_MS = 100;
const FIGURES_STILL_MS = 500;
const SWELL_MS = 160;

/**
 * Draws the run over the cards on one canvas, on one animation frame loop that sleeps while nothing changes, while
 * paused and while the page is hidden. Edges and cards are kept as two layers and redrawn for a new frame or view
 * only; in between, only particles move.
 */
export class OverlayLoop {
  private readonly ctx: CanvasRenderingContext2D;
  private readonly below = document.createElement('canvas');
  private readonly above = document.createElement('canvas');
  private readonly particles = new Particles();
  private readonly levels = new Levels();
  private readonly badgesSince = new Map<string, { word: string; atMs: number }>();
  private readonly stops: (() => void)[] = [];
  private scene: Scene = EMPTY_SCENE;
  private index: FrameIndex | null = null;
  private colors: Colors;
  private hatch: CanvasPattern | string = 'transparent';
  private sprites: Sprites | null = null;
  private mixes: readonly Float64Array[] = [];
  private density = 1;
  private request = 0;
  private lastMs = 0;
  private layersMs = -Infinity;
  /** The layers no longer fit the view (redraw at once), or the figures are old (redraw when it is time). */
  private viewChanged = true;
  private figuresChanged = true;
  private news: OverlayNews = { live: false, down: new Set(), dotWorth: 1 };
  private faultsSeen: readonly ActiveFault[] | null = null;
  private faults: ReadonlyMap<string, ActiveFault> = new Map();
  private troubles: Moment['troubles'] = new Map();
  private crashed: ReadonlySet<string> = new Set();

  private readonly canvas: HTMLCanvasElement;
  private readonly sources: OverlaySources;
  private readonly tell: (news: OverlayNews) => void;

  constructor(canvas: HTMLCanvasElement, sources: OverlaySources, tell: (news: OverlayNews) => void) {
    const ctx = canvas.getContext('2d');
    if (!ctx) throw new Error('The browser gives no 2D canvas to draw the run on.');
    this.ctx = ctx;
    this.canvas = canvas;
    this.sources = sources;
    this.tell = tell;
    this.colors = sources.readColors();
    this.hatch = makeHatch(ctx, this.colors);
    const { frames, runs } = sources;
    this.stops.push(
      frames.subscribe((frame) => this.onFrame(frame)),
      runs.subscribe((state, before) => {
        if (state.session !== before.session || state.activeFaults !== before.activeFaults) this.refresh();
      }),
    );
    const onVisible = () => this.refresh();
    document.addEventListener('visibilitychange', onVisible);
    this.stops.push(() => document.removeEventListener('visibilitychange', onVisible));
  }

  /** Cards or edges have moved or changed. */
  setScene(scene: Scene): void {
    const edgesMoved =
      scene.edges.length !== this.scene.edges.length || edgeIds(scene) !== edgeIds(this.scene);
    this.scene = scene;
    if (edgesMoved) this.particles.reset(scene.edges.length);
    this.onView();
  }

  /** The view has moved. */
  onView(): void {
    this.viewChanged = true;
    this.schedule();
  }

  /** The pane has another size or the screen another density. */
  resize(width: number, height: number, density: number): void {
    this.density = density;
    for (const canvas of [this.canvas, this.below, this.above]) {
      canvas.width = Math.max(1, Math.round(width * density));
      canvas.height = Math.max(1, Math.round(height * density));
    }
    this.onView();
  }

  /** The theme has changed: colours are read again. */
  recolor(): void {
    this.colors = this.sources.readColors();
    this.hatch = makeHatch(this.ctx, this.colors);
    this.sprites = null;
    this.onView();
  }

  dispose(): void {
    cancelAnimationFrame(this.request);
    for (const stop of this.stops) stop();
  }

  private onFrame(frame: Frame | null): void {
    if (!frame) {
      this.index = null;
      this.particles.reset(this.scene.edges.length);
      this.badgesSince.clear();
    }
    this.refresh();
  }

  private refresh(): void {
    this.figuresChanged = true;
    this.schedule();
  }

  private schedule(): void {
    if (this.request !== 0 || document.visibilityState === 'hidden') return;
    this.request = requestAnimationFrame((nowMs) => this.tick(nowMs));
  }

  private tick(nowMs: number): void {
    this.request = 0;
    const passedMs = Math.min(100, this.lastMs ? nowMs - this.lastMs : 0);
    this.lastMs = nowMs;
    const moment = this.moment();
    this.publish(moment);
    const { ctx } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!moment) {
      this.lastMs = 0;
      return;
    }
    const running = this.sources.runs.getState().session === 'running';
    const moving = running && !moment.still;
    if (moving) this.move(passedMs, moment);
    const swelling = this.paintLayers(nowMs, running, moment);
    const gliding = this.levels.glide(passedMs);
    this.compose(moment);
    if (moving || swelling || gliding || this.figuresChanged) this.schedule();
    else this.lastMs = 0;
  }

  private moment(): Moment | null {
    const frame = this.sources.frames.latest;
    if (!frame || frame.data.length === 0 || !hasBegun(frame, this.sources.runs)) return null;
    if (this.index?.layout !== frame.layout) this.index = frameIndex(frame.layout);
    const { activeFaults } = this.sources.runs.getState();
    if (activeFaults !== this.faultsSeen) {
      this.faultsSeen = activeFaults;
      const ofNodes = activeFaults.flatMap((fault) =>
        fault.node === undefined ? [] : [[fault.node, fault] as const],
      );
      this.faults = new Map(ofNodes);
      this.crashed = crashedMembers(activeFaults);
      this.troubles = edgeTroubles(activeFaults);
    }
    return {
      scene: this.scene,
      index: this.index,
      data: frame.data,
      samples: this.sources.frames.samples,
      faults: this.faults,
      crashed: this.crashed,
      troubles: this.troubles,
      down: downNodes(this.index, frame.data, this.faults),
      still: this.sources.still(),
    };
  }

  private publish(moment: Moment | null): void {
    const live = moment !== null;
    const down = moment?.down ?? new Set<string>();
    const dotWorth = moment && !moment.still ? this.particles.worth : 1;
    const { news } = this;
    if (news.live === live && news.dotWorth === dotWorth && sameSet(news.down, down)) return;
    this.news = { live, down, dotWorth };
    this.tell(this.news);
  }

  private move(passedMs: number, moment: Moment): void {
    const speed = this.effectiveSpeed(moment.data);
    const { edges } = this.scene;
    const rates = Float64Array.from(edges, (edge) => {
      const reading = readEdge(moment, edge);
      // Before a full target messages stand; the bunch is drawn, and nothing moves.
      return reading.blocked ? 0 : reading.ratePerSecond * speed;
    });
    this.particles.setRoom(
      edges.reduce((sum, edge, at) => sum + (rates[at] > 0 ? edge.geometry.table.length : 0), 0),
    );
    this.particles.advance(
      passedMs,
      (edge) => rates[edge],
      (edge, place) => edgeLook(edges[edge], this.scene.looks, this.mixes[edge], place),
    );
  }

  /** Simulated seconds a wall second: what was asked, or what the machine reaches if that is less. */
  private effectiveSpeed(data: Float64Array): number {
    const asked = this.sources.runs.getState().speed;
    const reached = data[HEADER.speedReached];
    const known = Number.isFinite(reached) && reached > 0;
    if (asked === 'max') return known ? reached : 1;
    return known ? Math.min(asked, reached) : asked;
  }

  /** Redraws the layers if it is time to; true while a new badge still swells. */
  private paintLayers(nowMs: number, running: boolean, moment: Moment): boolean {
    const pause = !running ? 0 : moment.still ? FIGURES_STILL_MS : FIGURES_MS;
    let swelling = false;
    for (const badge of this.badgesSince.values()) swelling ||= nowMs - badge.atMs < SWELL_MS;
    const due = this.figuresChanged && nowMs - this.layersMs >= pause;
    if (!due && !this.viewChanged && !swelling) return false;
    this.layersMs = nowMs;
    this.figuresChanged = false;
    this.viewChanged = false;
    this.levels.read(moment);
    this.mixes = sceneMix(moment);
    const view = this.view();
    const below = this.layer(this.below);
    const above = this.layer(this.above);
    const zoom = this.sources.transform()[2];
    if (below) paintEdges(makePen(below, this.colors, zoom, this.hatch), moment, view);
    if (!above) return false;
    const shown = new Set<string>();
    swelling = false;
    paintCards(makePen(above, this.colors, zoom, this.hatch), moment, view, (id, badge) => {
      shown.add(id);
      const swell = moment.still ? 1 : this.swell(id, badge, nowMs);
      swelling ||= swell > 1;
      return swell;
    });
    for (const id of this.badgesSince.keys()) if (!shown.has(id)) this.badgesSince.delete(id);
    return swelling;
  }

  private compose(moment: Moment): void {
    const { ctx, density } = this;
    const [x, y, zoom] = this.sources.transform();
    const scale = zoom * density;
    ctx.drawImage(this.below, 0, 0);
    if (!moment.still && zoom >= 0.2) {
      this.sprites = makeSprites(this.sprites, this.colors, zoom, density, this.particles.worth > 1);
      paintParticles(ctx, this.sprites, this.particles, moment, this.mixes, {
        x: x * density,
        y: y * density,
        scale,
      });
    }
    ctx.setTransform(scale, 0, 0, scale, x * density, y * density);
    const view = this.view();
    punchCards(ctx, this.scene.cards, view);
    const detail = detailAt(zoom);
    if (detail !== 'block') this.levels.paint(ctx, this.colors, view, detail);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.above, 0, 0);
  }

  private layer(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
    const ctx = canvas.getContext('2d');
    if (!ctx) return null;
    const [x, y, zoom] = this.sources.transform();
    const { density } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.setTransform(zoom * density, 0, 0, zoom * density, x * density, y * density);
    return ctx;
  }

  /** The part of the world in view, in canvas units. */
  private view() {
    const [x, y, zoom] = this.sources.transform();
    const { width, height } = this.canvas;
    const scale = zoom * this.density;
    return { x: -x / zoom, y: -y / zoom, width: width / scale, height: height / scale };
  }

  private swell(id: string, badge: Badge, nowMs: number): number {
    const since = this.badgesSince.get(id);
    if (since?.word !== badge.word) {
      this.badgesSince.set(id, { word: badge.word, atMs: nowMs });
      return 1.001;
    }
    const share = (nowMs - since.atMs) / SWELL_MS;
    return share < 1 ? 1 + 0.18 * Math.sin(Math.PI * share) : 1;
  }
}

/** A run that stands at its very start shows the design's own values, not a page of zeros. */
function hasBegun(frame: Frame, runs: RunStore): boolean {
  const { session } = runs.getState();
  return session === 'running' || frame.data[HEADER.simulatedMs] > 0 || frame.data[HEADER.events] > 0;
}

function edgeIds(scene: Scene): string {
  return scene.edges.map((edge) => edge.edge.id).join('\n');
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size !== b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}
