/** Event types of a producer with a connection to RabbitMQ, above those of `CLIENT_TIMER`, and what their argument is. */
export const PUBLISHER_TIMER = {
  /** A message is confirmed or refused: one of `CONFIRM`. */
  confirm: 20,
  /** A queue has handled as many messages as the argument says, and grants that much credit. */
  grant: 21,
  /** The broker's alarm is over: what was held back may go. */
  resume: 22,
} as const;
