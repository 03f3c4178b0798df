/** Names of the colour tokens, without the leading dashes. `tokens.css` declares the same names. */
export type ColorToken = keyof typeof LIGHT;

/** A colour for every token, ready for a canvas or an exporter. */
export type Colors = Readonly<Record<ColorToken, string>>;

/** Values of the light theme; `tokens.test.ts` holds them equal to tokens.css. */
export const LIGHT = {
  canvas: '#F2F5F7',
  surface: '#FFFFFF',
  sunken: '#E8EDF0',
  line: '#D3DBE0',
  edge: '#76848D',
  ink: '#101A20',
  'ink-2': '#36444C',
  'ink-3': '#55636C',
  accent: '#A3159A',
  flow: '#0A6A88',
  ok: '#0A7446',
  retry: '#8A5D00',
  pressure: '#B5430B',
  'dead-letter': '#B3141F',
  'fam-sources': '#2A763B',
  'fam-channels': '#1D62B4',
  'fam-processing': '#6748BD',
  'fam-state': '#0B7078',
  'fam-integration': '#75601A',
  'fam-reliability': '#A5432A',
  'fam-observability': '#4A5E6A',
  'msg-1': '#1668C7',
  'msg-2': '#00796B',
  'msg-3': '#7A41C4',
  'msg-4': '#92600A',
  'msg-5': '#B3365B',
  'msg-6': '#4C5C66',
  bed: '#C9E2EC',
  'bed-retry': '#F2E2BD',
  'bed-press': '#F8D8C4',
  on: '#FFFFFF',
} as const;

/** Values of the dark theme. */
export const DARK: Colors = {
  canvas: '#0C1317',
  surface: '#151E24',
  sunken: '#0F171B',
  line: '#2B3941',
  edge: '#677983',
  ink: '#F0F5F7',
  'ink-2': '#C0CCD2',
  'ink-3': '#98A8B1',
  accent: '#F586E4',
  flow: '#57BEDD',
  ok: '#5CCB93',
  retry: '#E9B44C',
  pressure: '#FF9257',
  'dead-letter': '#FF817A',
  'fam-sources': '#7CC98A',
  'fam-channels': '#7DB4F5',
  'fam-processing': '#B7A2FA',
  'fam-state': '#5FC9CF',
  'fam-integration': '#D3B964',
  'fam-reliability': '#F09A80',
  'fam-observability': '#A9BAC4',
  'msg-1': '#74B2FF',
  'msg-2': '#4FCDB8',
  'msg-3': '#C09BFF',
  'msg-4': '#E2AE58',
  'msg-5': '#FF92AE',
  'msg-6': '#AFBEC7',
  bed: '#17404F',
  'bed-retry': '#4A3A15',
  'bed-press': '#5A2E17',
  on: '#0C1317',
};

/** Font stack of the interface, for canvas text. */
export const FONT =
  '-apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif';

const NAMES = Object.keys(LIGHT) as ColorToken[];

/**
 * The colours now in force on an element, with the theme, high contrast and forced colours applied. Read once per
 * theme: it forces a style computation.
 */
export function readColors(element: Element): Colors {
  const style = getComputedStyle(element);
  const colors: Record<string, string> = {};
  for (const name of NAMES) colors[name] = style.getPropertyValue(`--${name}`).trim() || LIGHT[name];
  return colors as Colors;
}
