import { LIMITS } from './limits.ts';
import { badParents } from './references.ts';
import type { DesignGroup, Problem, Scenario } from './types.ts';
import { groupDigits, showText, showValue } from './wording.ts';

/** An edit that does not fit the design it is applied to. The design is as it was. */
export class EditError extends Error {
  override readonly name = 'EditError';

  /** The same sentence in the form in which the page shows what went wrong. */
  get problem(): Problem {
    return { severity: 'error', code: 'edit-refused', message: this.message };
  }
}

/** Throws unless all ids are usable and differ. */
export function checkIds(items: readonly { id: string }[], what: string): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (
      typeof id !== 'string' ||
      id === '' ||
      id.length > LIMITS.idLength ||
      /[\u0000-\u001f\u007f]/.test(id)
    ) {
      throw new EditError(
        `Found ${showValue(id)} as the id of a ${what}, expected text of 1 to ${LIMITS.idLength} characters.`,
      );
    }
    if (seen.has(id))
      throw new EditError(`The id ${showText(id)} is taken by another ${what}; ids must differ.`);
    seen.add(id);
  }
}

/** Throws if a list has grown beyond what a design may hold. */
export function checkCount(items: readonly unknown[], most: number, what: string): void {
  if (items.length <= most) return;
  throw new EditError(`Found ${groupDigits(items.length)} ${what}, expected at most ${groupDigits(most)}.`);
}

/** Throws if a name or label is longer than a design file may hold. */
export function checkName(name: string): void {
  if (name.length <= LIMITS.nameLength) return;
  throw new EditError(
    `Found a name of ${groupDigits(name.length)} characters, expected at most ${LIMITS.nameLength}.`,
  );
}

/** Throws if a group has a parent that is missing or lies inside itself. */
export function checkGroups(groups: readonly DesignGroup[]): void {
  const known = new Set(groups.map(({ id }) => id));
  for (const { parent } of groups) {
    if (parent !== undefined && !known.has(parent)) {
      throw new EditError(`There is no group ${showText(parent)} in this design.`);
    }
  }
  const [bad] = badParents(groups);
  if (bad) throw new EditError(`Group ${showText(groups[bad.at].id)}: ${bad.why}`);
}

/** Throws unless the horizon and the warm-up are times that a run can have. */
export function checkScenario({ horizonMs, warmUpMs, seed }: Scenario): void {
  const most = groupDigits(LIMITS.horizonMs);
  if (!(horizonMs > 0 && horizonMs <= LIMITS.horizonMs)) {
    throw new EditError(
      `Found a horizon of ${horizonMs} ms, expected more than 0 and at most ${most} ms (30 days).`,
    );
  }
  if (!(warmUpMs >= 0 && warmUpMs < horizonMs)) {
    throw new EditError(
      `Found a warm-up of ${warmUpMs} ms, expected 0 or more and less than the horizon of ${horizonMs} ms.`,
    );
  }
  if (typeof seed === 'number' && !Number.isFinite(seed)) {
    throw new EditError(`Found ${seed} as the seed, expected a number or text.`);
  }
}

/** The error for an id that leads nowhere. */
export function missing(what: string, id: string): EditError {
  return new EditError(`There is no ${what} ${showText(id)} in this design.`);
}
