/** A broken invariant: a bug of ours, never a fault of the user's design. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws an `InvariantError` with the message unless the condition holds. Keep the message a constant in hot code. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
