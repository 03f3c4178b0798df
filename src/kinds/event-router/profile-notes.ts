/** What is modelled of each service that an event router may be, and what is not; by the values of its field `profile`. */
export const ROUTER_NOTES = {
  sns: {
    label: 'SNS',
    modelled: [
      'A standard topic: every subscription whose filter policy takes a message gets a copy at once. Filters have exact values, prefix, suffix, anything-but, numeric, exists and equals-ignore-case, over attributes.',
      'What a subscriber does not take is tried again in four phases: for SQS, Lambda and Firehose 3 times at once, 2 times a second apart, 10 times from 1 s to 20 s, 100,000 times every 20 s; for HTTP/S by its delivery policy, 3 times 20 s apart unless you set it. An answer is waited for 15 s.',
      'What is given up goes to the dead-letter queue of its subscription, or is dropped. Other subscriptions notice nothing.',
    ],
    notModelled: [
      'Filters over the message body, the jitter of retries, errors of the client side, which are not retried, throttling by maxReceivesPerSecond, and the quota of publishing.',
      'That Lambda tries again for itself what it has taken: a service that stands for a function is called and answers.',
      'A dead-letter queue for each subscription apart: they share the one of the router, and each says whether it uses it.',
    ],
  },
  'sns-fifo': {
    label: 'SNS FIFO',
    modelled: [
      'A FIFO topic: each subscription gets the messages of a group, which have the same key, in order. While one is tried again, those of its group behind it wait; other groups and subscriptions go on. Tries and dead letters are those of SNS.',
      'A repetition within five minutes of the first is taken and dropped. It takes 3,000 messages a second, unless it has high throughput; what is more is refused (Throttling), and its sender tries again when the next second begins.',
      'Only queues of SQS subscribe. One that is standard may, but keeps neither the order nor out what comes twice.',
    ],
    notModelled: [
      'The limit of 20 MiB a second, the limits of the region and of each message group, archive and replay, filters over the message body.',
    ],
  },
  eventbridge: {
    label: 'EventBridge',
    modelled: [
      'An event bus: each rule is an edge with its event pattern, and each target gets its copy. Patterns have exact values, prefix, suffix, anything-but, numeric, exists, equals-ignore-case and wildcard, over source, detail-type and detail.',
      'Each target has its retry policy: at most 185 retries and 24 hours, with back-off and jitter. AWS does not say when it tries: here the wait doubles from 1 s to 15 min and is drawn between nothing and that. An answer is waited for 5 s.',
      'What is given up goes to the dead-letter queue, because the tries are used up or because it is too old, or is dropped.',
    ],
    notModelled: [
      'Archive and replay, input transformers, several buses, pipes, schedules, cidr and $or in patterns, and the quotas of PutEvents and invocations.',
      'The time that an event takes through the bus, which is about half a second, and errors of the client side, which are not retried.',
    ],
  },
} as const;
