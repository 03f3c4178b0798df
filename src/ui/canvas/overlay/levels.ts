import { NODE } from '../../../simulation/frame/frame-layout.ts';
import type { Colors } from '../../look/tokens.ts';
import type { Rect } from '../edge-routes.ts';
import type { Detail } from '../level-of-detail.ts';
import { GAUGE, RADIUS } from './draw-card.ts';
import { inView, type Moment } from './paint.ts';
import type { SceneCard } from './scene.ts';

/** A level reaches a new reading in this time, at even speed. */
const GLIDE_MS = 120;
/** Steps smaller than a pixel of the tallest card are no motion. */
const STILL = 0.002;

/**
 * The water in the gauges, which follows the readings without jumps. One place a card, in the order of the scene.
 * Full gauges are hatched over it, see draw-card.ts.
 */
export class Levels {
  private shown = new Float64Array(0);
  private aim = new Float64Array(0);
  /** Change a ms on the way to the aim. */
  private speed = new Float64Array(0);
  private cards: readonly SceneCard[] = [];

  /** Takes the readings of a new frame; cards that were not there before start at their level. */
  read({ scene, index, data, still }: Moment): void {
    const anew = scene.cards !== this.cards;
    if (anew) this.follow(scene.cards);
    scene.cards.forEach(({ node, definition }, card) => {
      const place = definition && index.node.get(node.id);
      const level = place === undefined ? 0 : data[index.layout.node(place) + NODE.level];
      const aim = level > 0 ? Math.min(1, level) : 0;
      this.aim[card] = aim;
      if (still || Number.isNaN(this.shown[card])) this.shown[card] = aim;
      this.speed[card] = (aim - this.shown[card]) / GLIDE_MS;
    });
  }

  /** Lets time pass; true while a level is still on its way. */
  glide(passedMs: number): boolean {
    let moving = false;
    for (let card = 0; card < this.shown.length; card++) {
      const left = this.aim[card] - this.shown[card];
      if (left === 0) continue;
      const step = this.speed[card] * passedMs;
      const arrives = Math.abs(left) <= Math.max(STILL, Math.abs(step));
      this.shown[card] = arrives ? this.aim[card] : this.shown[card] + step;
      moving ||= !arrives;
    }
    return moving;
  }

  /** The level that a card shows now, by its place in the scene. */
  at(card: number): number {
    return this.shown[card];
  }

  /** Fills the gauges in view, in canvas units: one path a colour, since this happens on every screen frame. */
  paint(ctx: CanvasRenderingContext2D, colors: Colors, view: Rect, detail: Detail): void {
    ctx.globalAlpha = 0.85;
    for (const dead of [false, true]) {
      ctx.beginPath();
      this.cards.forEach((card, place) => {
        if ((card.definition?.family === 'reliability') !== dead || !(this.shown[place] > 0)) return;
        if (inView(card, view)) addWater(ctx, card, this.shown[place], detail);
      });
      ctx.fillStyle = dead ? colors['dead-letter'] : colors.flow;
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }

  /** Another scene: cards keep the level they have, by their node. */
  private follow(cards: readonly SceneCard[]): void {
    const before = new Map(this.cards.map(({ node }, card) => [node.id, this.shown[card]]));
    this.cards = cards;
    this.shown = Float64Array.from(cards, ({ node }) => before.get(node.id) ?? NaN);
    this.aim = new Float64Array(cards.length);
    this.speed = new Float64Array(cards.length);
  }
}

/** Near the top of its card, water is as round as the card is there. */
function addWater(ctx: CanvasRenderingContext2D, card: SceneCard, level: number, detail: Detail): void {
  const round = RADIUS - 0.5;
  const room = card.height - 1;
  const height = room * level;
  const y = card.y + 0.5 + room - height;
  // Hundreds of cards in view: their corners are below a pixel or two, and a plain rectangle costs half.
  if (detail === 'tile') return ctx.rect(card.x + 0.5, y, GAUGE, height);
  const top = Math.max(0, height - (room - round));
  ctx.roundRect(card.x + 0.5, y, GAUGE, height, [top, 0, 0, Math.min(round, height)]);
}
