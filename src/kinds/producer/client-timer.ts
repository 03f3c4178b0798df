/** Event types of a producer beside 0, the next message, and what their argument is. */
export const CLIENT_TIMER = {
  /** A batch has lingered, or backed off, long enough. */
  ready: 1,
  /** The records of a request reach the log. */
  write: 2,
  /** The answer to a request is here. */
  answer: 3,
  /** The oldest request along an edge has waited for its answer too long. */
  hangUp: 4,
  /** send() has waited for memory too long, or may go on. */
  unblock: 5,
  /** The oldest batch of the producer may be too old. */
  tooOld: 6,
} as const;
