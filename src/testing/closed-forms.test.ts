import { describe, expect, it } from 'vitest';
import {
  erlangB,
  erlangC,
  heldTime,
  jacksonNumberMean,
  mg1WaitMean,
  mm1SojournMean,
  mm1SojournQuantile,
  mmckLossShare,
  priorityMm1SojournMeans,
  mmckWaitMean,
  mmcWaitMean,
  tandemSojournQuantile,
} from './closed-forms.ts';

/** Formulas that were derived in different ways and must agree where they meet, and numbers from the textbooks. */
describe('closed forms', () => {
  const loads = [0.1, 0.5, 0.8, 0.95];

  it('have the numbers of the textbooks', () => {
    expect(erlangB(5, 3)).toBeCloseTo(0.1101, 4);
    expect(erlangC(4, 3.2)).toBeCloseTo(0.5964, 4);
    expect(mmcWaitMean(4, 1, 3.2) + 3.2).toBeCloseTo(5.586, 3);
  });

  it('agree that M/M/1 is a case of M/M/c, of M/G/1 and of Jackson', () => {
    for (const load of loads) {
      const wait = mm1SojournMean(load, 1) - 1;
      expect(mmcWaitMean(1, load, 1)).toBeCloseTo(wait, 9);
      expect(mg1WaitMean(load, 1, 1)).toBeCloseTo(wait, 9);
      expect(jacksonNumberMean(1, load, 1)).toBeCloseTo(load / (1 - load), 9);
    }
  });

  it('agree on priorities: work is conserved, and a class without another is M/M/1', () => {
    for (const load of loads) {
      const { high, low } = priorityMm1SojournMeans(load / 2, load / 2, 1);
      expect((high + low) / 2).toBeCloseTo(mm1SojournMean(load, 1), 9);
      expect(priorityMm1SojournMeans(load, 0, 1).high).toBeCloseTo(mm1SojournMean(load, 1), 9);
      expect(priorityMm1SojournMeans(0, load, 1).low).toBeCloseTo(mm1SojournMean(load, 1), 9);
    }
  });

  it('agree on loss: M/M/1/K by its formula, M/M/c/c by Erlang', () => {
    for (const load of loads) {
      expect(mmckLossShare(1, load, 5)).toBeCloseTo(((1 - load) * load ** 5) / (1 - load ** 6), 12);
      expect(mmckLossShare(4, load * 4, 4)).toBeCloseTo(erlangB(4, load * 4), 12);
    }
  });

  it('agree that with very many places nothing is lost and all wait as without a limit', () => {
    for (const load of loads) {
      expect(mmckLossShare(4, load * 4, 2000)).toBeCloseTo(0, 12);
      expect(mmckWaitMean(4, load * 4, 2000, 1)).toBeCloseTo(mmcWaitMean(4, load * 4, 1), 6);
    }
  });

  it('agree that with one place to wait, those let in wait Erlang’s B times the time until one of the servers is free', () => {
    for (const load of loads) {
      expect(mmckWaitMean(4, load * 4, 5, 1)).toBeCloseTo(erlangB(4, load * 4) / 4, 12);
    }
  });

  it('agree that a row of one station is M/M/1', () => {
    for (const p of [0.5, 0.95, 0.99]) {
      expect(tandemSojournQuantile(1, mm1SojournMean(0.8, 1), p)).toBeCloseTo(
        mm1SojournQuantile(0.8, 1, p),
        9,
      );
    }
  });

  it('agree that endless tries without a pause are one exponential time', () => {
    const { mean, cv } = heldTime(0.3, 200, 1, 0);
    expect(mean).toBeCloseTo(1 / 0.7, 12);
    expect(cv).toBeCloseTo(1, 12);
    expect(heldTime(0.3, 1, 1, 5)).toEqual({ mean: 1, cv: 1 });
  });
});
