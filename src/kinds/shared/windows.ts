/**
 * Starts of the windows that hold a timestamp, ascending: multiples of `advanceMs` with start <= timestamp < start +
 * size, none below 0, so a negative timestamp is in none. Tumbling windows are those that advance by their size
 * (Kafka Streams, TimeWindows.windowsFor). Sizes are positive whole numbers, and advance <= size.
 */
export function windowStarts(sizeMs: number, advanceMs: number, timestampMs: number): number[] {
  const starts: number[] = [];
  const earliest = Math.max(0, timestampMs - sizeMs + advanceMs);
  for (let start = earliest - (earliest % advanceMs); start <= timestampMs; start += advanceMs) {
    starts.push(start);
  }
  return starts;
}
