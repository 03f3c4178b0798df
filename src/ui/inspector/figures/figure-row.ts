import { count, trend } from '../../look/figures.ts';
import type { NodeReading } from './node-reading.ts';

/** One measured figure of a node. */
export interface FigureRow {
  label: string;
  value: string;
  /** The whole it is part of, or what it is compared with: "of 20". */
  beside?: string;
  bad?: boolean;
  /** What it means, where its name does not say it. */
  title?: string;
  testId?: string;
}

/** "3,393, +154/s": how much, and whether it is getting more. */
export function growing(r: NodeReading): string {
  return Math.abs(r.amountTrend) >= 0.5 ? `${count(r.amount)}, ${trend(r.amountTrend)}` : count(r.amount);
}

export function isGrowing(r: NodeReading): boolean {
  return r.amount >= 20 && r.amountTrend > Math.max(1, r.outPerSecond * 0.05);
}

/** A row only when there is something to say. */
export function some(label: string, value: number): FigureRow[] {
  return value > 0 ? [{ label, value: count(value), beside: 'since the start', bad: true }] : [];
}
