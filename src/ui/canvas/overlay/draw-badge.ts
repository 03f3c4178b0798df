import { FONT } from '../../look/tokens.ts';
import { BADGE_GLYPHS, type Badge } from './badges.ts';
import type { Pen } from './pen.ts';
import type { SceneCard } from './scene.ts';

const HEIGHT = 22;
const glyphPaths = new Map<Badge['glyph'], { stroke: Path2D; fill: Path2D }>();

/**
 * A pill that straddles the card's top edge at the right. From zoom 0.7 down the glyph stands alone, held at the same
 * size on screen: exceptions are never dropped. `swell` above 1 enlarges a new one for a moment.
 */
export function drawBadge(pen: Pen, card: SceneCard, badge: Badge, swell: number): void {
  const { ctx, colors, zoom, detail } = pen;
  const color = colors[badge.tone];
  const worded = detail === 'full';
  const scale = (worded ? Math.max(1, 0.92 / zoom) : (detail === 'short' ? 0.82 : 0.64) / zoom) * swell;
  ctx.save();
  ctx.font = `650 12px ${FONT}`;
  const width = worded ? 24 + Math.ceil(ctx.measureText(badge.word).width) + 10 : HEIGHT;
  const overhang = detail === 'block' || detail === 'tile' ? 0 : 10;
  ctx.translate(card.x + card.width - overhang, card.y);
  ctx.scale(scale, scale);
  ctx.translate(-width, -HEIGHT / 2);
  ctx.beginPath();
  ctx.roundRect(0, 0, width, HEIGHT, HEIGHT / 2);
  ctx.fillStyle = colors.surface;
  ctx.fill();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.fillStyle = color;
  if (worded) ctx.fillText(badge.word, 24, 15.3);
  ctx.translate(worded ? 6 : 4, 4);
  const { stroke, fill } = glyph(badge.glyph);
  ctx.lineWidth = 2.2;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.stroke(stroke);
  ctx.fill(fill);
  ctx.restore();
}

function glyph(name: Badge['glyph']): { stroke: Path2D; fill: Path2D } {
  let paths = glyphPaths.get(name);
  if (!paths) {
    const source = BADGE_GLYPHS[name];
    paths = { stroke: new Path2D(source.stroke), fill: new Path2D(source.fill) };
    glyphPaths.set(name, paths);
  }
  return paths;
}
