/** How a message comes back to its queue, as the lane of `giveBack`. A delivery limit counts failures alone (RabbitMQ 4.3). */
export const GIVEN_BACK = {
  /** Its consumer died, or failed at it: basic.reject with requeue. */
  failed: 0,
  /** Its consumer let it go: basic.nack with requeue. */
  released: 1,
} as const;
