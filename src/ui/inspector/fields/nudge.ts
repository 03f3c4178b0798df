/**
 * The next round value up or down: one step is a tenth of the leading digit's place (1 at 7, 1 at 42, 10 at 420), ten
 * steps with Shift, and never less than `smallest` (1 for whole numbers). The result lies on a multiple of the step
 * and within the bounds.
 */
export function nudgeNumber(
  value: number,
  direction: 1 | -1,
  { big = false, smallest = 0, min = -Infinity, max = Infinity } = {},
): number {
  const magnitude = Math.abs(value);
  // Going down from exactly 100 uses the step of 90: otherwise 100 would fall to 90 by tens but rise by tens, too.
  const probe = direction < 0 ? magnitude * 0.999 : magnitude;
  const place = probe > 0 ? Math.floor(Math.log10(probe)) : 0;
  const step = Math.max(10 ** (place - 1), smallest) * (big ? 10 : 1);
  const steps = value / step;
  const rounded = direction > 0 ? Math.floor(steps + 1e-9) + 1 : Math.ceil(steps - 1e-9) - 1;
  const next = Number((rounded * step).toPrecision(12));
  return Math.min(max, Math.max(min, next));
}
