/** Which machine a row of the trace with code `TRACE.machine` is about: its first value. */
export const MACHINE = {
  /** Of a consumer group. */
  coordinator: 0,
  /** Of a group's member, whose number from 1 is the third value. */
  member: 1,
  /** Of an edge, which is the third value. */
  breaker: 2,
  /** Of a topic's partition; the third value is a packed `PartitionRow`. */
  partition: 3,
  /** Of a publisher's connection. */
  connection: 4,
} as const;
