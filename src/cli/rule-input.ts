import { groupDigits, showPath, showValue } from '../design/wording.ts';
import { RefusedInput } from '../kinds/shared/refused-input.ts';

/** How deep lists and objects of an input may lie in each other, so that no recursion runs out of stack. */
const DEEPEST = 200;

/** Part of the input of a rule, with its place for the sentence that refuses it. */
export class RuleInput {
  readonly value: unknown;
  private readonly path: readonly PropertyKey[];

  constructor(value: unknown, path: readonly PropertyKey[] = ['input']) {
    this.value = value;
    this.path = path;
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** A property of an object; missing if the object has none of its own by this name. */
  at(key: string): RuleInput {
    const object = this.object();
    return new RuleInput(Object.hasOwn(object, key) ? object[key] : undefined, [...this.path, key]);
  }

  /** Properties in the order of the text. */
  entries(): [string, RuleInput][] {
    const entries = Object.entries(this.object());
    return entries.map(([key, value]) => [key, new RuleInput(value, [...this.path, key])]);
  }

  items(): RuleInput[] {
    if (!Array.isArray(this.value)) throw this.refused('a list');
    return this.value.map((item, index) => new RuleInput(item, [...this.path, index]));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.refused('a text');
    return this.value;
  }

  /** A truth value; false if missing. */
  flag(): boolean {
    if (this.isMissing) return false;
    if (typeof this.value !== 'boolean') throw this.refused('true or false');
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number') throw this.refused('a number');
    return this.value;
  }

  whole(least: number, most: number): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < least || (this.value as number) > most)
      throw this.refused(`a whole number from ${groupDigits(least)} to ${groupDigits(most)}`);
    return this.value as number;
  }

  oneOf<const T extends string>(options: readonly T[]): T {
    const found = options.find((option) => option === this.value);
    if (found === undefined) throw this.refused(`one of ${options.join(', ')}`);
    return found;
  }

  /** The error for this part of the input. */
  refused(expected: string): RefusedInput {
    return new RefusedInput(`${showPath(this.path)}: found ${showValue(this.value)}, expected ${expected}.`);
  }

  private object(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.refused('an object');
    return this.value as Record<string, unknown>;
  }
}

/** Throws if lists and objects lie too deep in each other. Looks level by level, without recursion. */
export function refuseDeepInput(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST)
      throw new RefusedInput(`input: found more than ${DEEPEST} levels, expected at most as many.`);
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
  }
}
