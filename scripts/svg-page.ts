/** The colours of the app (src/ui/look/tokens.css), so that a plot sits on a light page and on a dark one. */
const STYLE = `
  :root { --surface: #FFFFFF; --line: #D3DBE0; --ink: #101A20; --ink-2: #36444C; --ink-3: #55636C;
    --flow: #0A6A88; --bed: #C9E2EC; --dead-letter: #B3141F; }
  @media (prefers-color-scheme: dark) { :root { --surface: #151E24; --line: #2B3941; --ink: #F0F5F7; --ink-2: #C0CCD2;
    --ink-3: #98A8B1; --flow: #57BEDD; --bed: #17404F; --dead-letter: #FF817A; } }
  text { font: 400 12px -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial,
    sans-serif; font-variant-numeric: tabular-nums; fill: var(--ink-3); }
  .surface { fill: var(--surface); stroke: var(--line); }
  .title { font-size: 15px; font-weight: 650; fill: var(--ink); }
  .name { font-weight: 600; fill: var(--ink-2); }
  .rule { stroke: var(--line); fill: none; }
  .exact { stroke: var(--ink-2); stroke-width: 1.5; fill: none; stroke-linejoin: round; }
  .measured { fill: var(--flow); stroke: var(--surface); stroke-width: 1.5; }
  .interval { stroke: var(--flow); stroke-width: 2; fill: none; }
  .bed { fill: var(--bed); }
  .bar { fill: var(--flow); opacity: 0.55; }
  .limit { stroke: var(--dead-letter); stroke-width: 1.75; stroke-dasharray: 1.75 3.5; fill: none; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
`;

/** A drawing on a card of its own, that follows the reader's light or dark theme; `says` is for those who cannot see it. */
export function svgPage(width: number, height: number, says: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(says)}</title>
<style>${STYLE}</style>
<rect class="surface" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
${body}</svg>
`;
}

/** A line of text at a place. */
export function label(x: number, y: number, text: string, classes = ''): string {
  return `<text x="${places(x)}" y="${places(y)}"${classOf(classes)}>${escapeXml(text)}</text>\n`;
}

/** A path through points. */
export function path(points: readonly (readonly [number, number])[], classes: string): string {
  const steps = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${places(x)} ${places(y)}`);
  return `<path${classOf(classes)} d="${steps.join('')}"/>\n`;
}

export function dot(x: number, y: number, radius: number, classes: string): string {
  return `<circle${classOf(classes)} cx="${places(x)}" cy="${places(y)}" r="${radius}"/>\n`;
}

export function box(x: number, y: number, width: number, height: number, classes: string): string {
  return `<rect${classOf(classes)} x="${places(x)}" y="${places(y)}" width="${places(width)}" height="${places(height)}"/>\n`;
}

function classOf(classes: string): string {
  return classes === '' ? '' : ` class="${classes}"`;
}

/** A tenth of a pixel is enough, and the file stays the same where the last bit of a logarithm differs. */
function places(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
