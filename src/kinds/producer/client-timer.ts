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
  /** To and from a cluster: a request reaches the broker; its answer is here; it has waited for that too long. */
  arrive: 7,
  reply: 8,
  expire: 9,
  /** A transaction has been open for long enough; its markers are written (its slot); its producer hears of it. */
  endTransaction: 10,
  writeMarkers: 11,
  transactionEnded: 12,
  /** A broker serves a client again that was above its quota; the argument is the connection. */
  unmute: 13,
} as const;
