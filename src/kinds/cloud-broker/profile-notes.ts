/** What is modelled of a broker, and what is not, as sentences. */
interface ProfileNotes {
  label: string;
  modelled: readonly string[];
  notModelled: readonly string[];
}

/** By the values of the field `profile`. */
export const PROFILE_NOTES: Readonly<Record<string, ProfileNotes>> = {
  sqs: {
    label: 'SQS standard',
    modelled: [
      'Groups compete for messages. A received message is hidden for the visibility timeout; what comes back goes to the end, and only the newest receipt deletes.',
      'A message goes to the dead letters when it would be received once more than maxReceiveCount. Long polling: a message is received as soon as a consumer is free.',
    ],
    notModelled: [
      'Requests and their price, batches of ten, short polling, the limit of 256 KiB, and disorder beyond what redelivery does.',
    ],
  },
  'sqs-fifo': {
    label: 'SQS FIFO',
    modelled: [
      'In order per MessageGroupId, which is the key: while one message of a group is in flight nobody gets the next. A receipt that is too old deletes nothing.',
      'A repetition within five minutes of the first is taken and dropped.',
      'Without high throughput it answers 300 calls a second to send, 300 to receive and 300 to delete, each with as many messages as you say, ten at most. What is more is refused (RequestThrottled); its sender tries again when the next second begins, and sends nothing else meanwhile, so order is kept. What may not be deleted yet stays in flight.',
    ],
    notModelled: [
      'Several messages of a group in one receive. Dead letters that another queue moves here count as sent. Calls are as full as you say, and one that finds nothing costs nothing.',
      'The limits of high throughput, which are those of the region and of each partition of the queue.',
    ],
  },
  jetstream: {
    label: 'NATS JetStream',
    modelled: [
      'Every consumer group is a durable consumer with explicit acknowledgements and gets every message. Redeliveries go first, and a late acknowledgement counts. BackOff in place of AckWait, MaxAckPending for each group, Nats-Msg-Id.',
      'Subjects: a stream with subjects stores what is published to one of them, its routing key being the subject, and refuses the rest; each consumer gets what its FilterSubject takes. What none takes stays in the stream (limits, work queue) or is dropped at once (interest). Consumers of a work queue may not want the same message.',
      'After MaxDeliver a group never gets the message again: here it is dropped, or goes along the edge for dead letters, which stands for whoever listens to the advisory.',
    ],
    notModelled: [
      'Several filters for one consumer (FilterSubjects), subject transforms, limits of a stream other than its age, AckAll, TERM. What a consumer has acknowledged, or may never get again, stays in a real stream with limits retention, where nobody here would read it.',
    ],
  },
  pulsar: {
    label: 'Pulsar',
    modelled: [
      'Every consumer group is a subscription with individual acknowledgements and gets every message. Negative acknowledgements come back after their delay; what a dead consumer had is redelivered at once, and nothing that was acknowledged.',
      'Dead letters after maxRedeliverCount redeliveries, so after one delivery more; of Shared and Key_Shared only.',
      'Exclusive and Failover have one consumer at a time, with order. With Exclusive, further members are refused (ConsumerBusy) and do not ask again, whatever becomes of the first; with Failover they stand by, and the next in line takes over what was not acknowledged. A negative acknowledgement or ackTimeout has everything delivered again that is not acknowledged, not the one message alone. The client counts ackTimeout from when work begins, and clears its receiver queue before everything comes again.',
    ],
    notModelled: [
      'Partitions, cumulative acknowledgements, consumer priorities, retry letter topics, tiered storage. What a client of Exclusive or Failover has ahead of its work is dropped by the real one when messages come again, and worked on here.',
    ],
  },
};

/** The same of all profiles, each sentence with the broker that it is of. */
export function notesOfAll(what: 'modelled' | 'notModelled'): string[] {
  return Object.values(PROFILE_NOTES).flatMap((notes) =>
    notes[what].map((note) => `${notes.label}: ${note}`),
  );
}
