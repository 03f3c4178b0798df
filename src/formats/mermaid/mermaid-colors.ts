import type { Family } from '../../kinds/kind.ts';

/** Colours of an export, the values of the tokens of the same name that the canvas uses. */
export interface MermaidColors {
  families: Readonly<Record<Family, string>>;
  surface: string;
  sunken: string;
  ink: string;
  edge: string;
  deadLetter: string;
}

/** For a page with a light background. A test holds the values equal to the tokens of the interface. */
export const LIGHT_COLORS: MermaidColors = {
  families: {
    sources: '#2A763B',
    channels: '#1D62B4',
    processing: '#6748BD',
    state: '#0B7078',
    integration: '#75601A',
    reliability: '#A5432A',
    observability: '#4A5E6A',
  },
  surface: '#FFFFFF',
  sunken: '#E8EDF0',
  ink: '#101A20',
  edge: '#76848D',
  deadLetter: '#B3141F',
};

/** For a page with a dark background. */
export const DARK_COLORS: MermaidColors = {
  families: {
    sources: '#7CC98A',
    channels: '#7DB4F5',
    processing: '#B7A2FA',
    state: '#5FC9CF',
    integration: '#D3B964',
    reliability: '#F09A80',
    observability: '#A9BAC4',
  },
  surface: '#151E24',
  sunken: '#0F171B',
  ink: '#F0F5F7',
  edge: '#677983',
  deadLetter: '#FF817A',
};
