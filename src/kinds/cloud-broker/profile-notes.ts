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
      'Without high throughput it answers 300 calls a second to send and 300 to receive, each with as many messages as you say, ten at most. What is more is refused (RequestThrottled); its sender tries again when the next second begins, and sends nothing else meanwhile, so order is kept.',
    ],
    notModelled: [
      'Several messages of a group in one receive. The limit of 300 calls a second to delete. Dead letters that another queue moves here count as sent. Calls are as full as you say, and one that finds nothing costs nothing.',
      'The limits of high throughput, which are those of the region and of each partition of the queue.',
    ],
  },
  jetstream: {
    label: 'NATS JetStream',
    modelled: [
      'Every consumer group is a durable consumer with explicit acknowledgements and gets every message. Redeliveries go first, and a late acknowledgement counts. BackOff in place of AckWait, MaxAckPending for each group, Nats-Msg-Id.',
      'After MaxDeliver a group never gets the message again: here it is dropped, or goes along the edge for dead letters, which stands for whoever listens to the advisory.',
    ],
    notModelled: [
      'Subjects, retention by interest or as a work queue, limits of a stream other than its age, AckAll, TERM. What a consumer may never get again stays in the real stream.',
    ],
  },
  pulsar: {
    label: 'Pulsar',
    modelled: [
      'Every consumer group is a Shared or Key_Shared subscription with individual acknowledgements and gets every message. Negative acknowledgements come back after their delay; what a dead consumer had is redelivered at once, and nothing that was acknowledged.',
      'Dead letters after maxRedeliverCount redeliveries, so after one delivery more.',
    ],
    notModelled: ['Exclusive and Failover subscriptions, partitions, retry letter topics, tiered storage.'],
  },
};

/** The same of all profiles, each sentence with the broker that it is of. */
export function notesOfAll(what: 'modelled' | 'notModelled'): string[] {
  return Object.values(PROFILE_NOTES).flatMap((notes) =>
    notes[what].map((note) => `${notes.label}: ${note}`),
  );
}
