import type { GalleryEntry } from '../gallery-entry.ts';
import { commitsInPoll } from './commits-in-poll.ts';
import { heldBack } from './held-back.ts';
import { hotShard } from './hot-shard.ts';
import { memoryByTheBatch } from './memory-by-the-batch.ts';
import { silentlyOff } from './silently-off.ts';
import { acksAll } from './acks-all.ts';
import { commitFirst } from './commit-first.ts';
import { deliveryLimit } from './delivery-limit.ts';
import { eagerRebalance } from './eager-rebalance.ts';
import { exactlyOnce } from './exactly-once.ts';
import { givenBack } from './given-back.ts';
import { idleMembers } from './idle-members.ts';
import { lateBreaker } from './late-breaker.ts';
import { morePartitions } from './more-partitions.ts';
import { nullKeys } from './null-keys.ts';
import { oneNumber } from './one-number.ts';
import { rangeSkew } from './range-skew.ts';
import { rejectPublish } from './reject-publish.ts';
import { retention } from './retention.ts';
import { retryAndOrder } from './retry-and-order.ts';
import { roundAndGone } from './round-and-gone.ts';
import { slowRebalance } from './slow-rebalance.ts';
import { ttlAtTheHead } from './ttl-at-the-head.ts';
import { twiceTheLimit } from './twice-the-limit.ts';
import { unroutable } from './unroutable.ts';

/** What people get wrong: each design shows what really happens, in figures that a test looks at. */
export const MYTHS: readonly GalleryEntry[] = [
  {
    name: 'myth-acks-all',
    title: 'All that are in sync',
    myth: 'With min.insync.replicas=2 a write with acks=all is answered once two replicas have it.',
    what: 'acks=all waits for every replica in sync. At 00:20 one of three is stuck: nobody gets an answer and nobody reads a record until it falls out of sync at 01:00; then two are enough.',
    design: acksAll,
  },
  {
    name: 'myth-null-keys',
    title: 'Messages without a key',
    myth: 'Records without a key go to the partitions in turn.',
    what: 'Records without a key fill one partition until a batch is full, so sixteen in a row go to the same one and three readers wait for nothing.',
    design: nullKeys,
  },
  {
    name: 'myth-one-number',
    title: 'A commit is one number',
    myth: 'Each record is acknowledged on its own, so a crash repeats only what was in work.',
    what: 'At 00:10 one record fails again and again; all that is done after it cannot be committed, and the crash at 00:40 has nearly all of it done again.',
    design: oneNumber,
  },
  {
    name: 'myth-eager-rebalance',
    title: 'A rebalance stops everyone',
    myth: 'When a member dies, only its own partitions stand still.',
    what: 'At 00:30 one of three members crashes; once it is found dead every member stops, gives up its partitions and joins again.',
    design: eagerRebalance,
  },
  {
    name: 'myth-slow-rebalance',
    title: 'A rebalance waits for the slowest',
    myth: 'A rebalance is over after the session timeout at the latest.',
    what: 'A member at work on a long record is waited for until max.poll.interval: the session timeout is six seconds, and the group stands still for much longer.',
    design: slowRebalance,
  },
  {
    name: 'myth-range-skew',
    title: 'Range over several topics',
    myth: 'The range assignor spreads partitions evenly over the members.',
    what: 'Range deals topic by topic: three topics of one partition each all go to the first member, and two members have nothing to read.',
    design: rangeSkew,
  },
  {
    name: 'myth-hot-shard',
    title: 'A hot shard',
    myth: 'A stream of eight shards takes eight thousand records a second.',
    what: 'Each shard takes a thousand a second, and a key has one shard: of 2,000 records a second one shop sends two thirds, so its shard is full before each second is over, and the producer waits for the next while seven shards have room.',
    design: hotShard,
  },
  {
    name: 'myth-retention',
    title: 'Retention deletes segments',
    myth: 'With a retention of one minute nothing older than a minute is in the log.',
    what: 'Retention deletes whole segments whose newest record is too old: while records come the segment stays, and after twenty minutes the first one is still there.',
    design: retention,
  },
  {
    name: 'myth-unroutable',
    title: 'Nobody hears of it',
    myth: 'A publisher that gets its confirms knows that its messages arrived somewhere.',
    what: 'A message that matches no binding is confirmed and dropped: one in ten goes nowhere, and the publisher is never held back and hears nothing.',
    design: unroutable,
  },
  {
    name: 'myth-ttl-at-the-head',
    title: 'Messages expire at the head',
    myth: 'A message is gone from the queue as soon as its time to live is over.',
    what: 'A classic queue drops an expired message only once it has come to the head: behind one that may wait for ever, the dead keep their place.',
    design: ttlAtTheHead,
  },
  {
    name: 'myth-delivery-limit',
    title: 'A limit of two is three deliveries',
    myth: 'With a delivery limit of two a message is delivered twice.',
    what: 'The limit counts returns: a message that takes its worker down is delivered, comes back twice, and only the third return is one too many.',
    design: deliveryLimit,
  },
  {
    name: 'myth-given-back',
    title: 'Given back, to where',
    myth: 'A message that is given back comes next.',
    what: 'At 00:10 one message comes that no worker can do. A classic queue has it in its old place, so nothing else gets done any more; a quorum queue has it first, and dead after 21 deliveries; one without a limit has it last, and goes on.',
    design: givenBack,
  },
  {
    name: 'myth-round-and-gone',
    title: 'Round, and gone',
    myth: 'A queue with a time to live sends its messages round for another try, as often as it takes.',
    what: 'Orders that billing rejects come back every five seconds, for ever. Offers that nobody took wait on a shelf and come back, too, but there was no rejection on their way round: the broker drops them without a word.',
    design: roundAndGone,
  },
  {
    name: 'myth-reject-publish',
    title: 'Refused is not dead-lettered',
    myth: 'What a full queue refuses ends in its dead-letter queue.',
    what: 'reject-publish refuses the newest message and nothing more: it is lost to a publisher that does not look, and the dead-letter queue stays empty.',
    design: rejectPublish,
  },
  {
    name: 'myth-late-breaker',
    title: 'A breaker looks at a hundred calls',
    myth: 'A circuit breaker opens as soon as most calls fail.',
    what: 'The usual breaker says nothing before it has seen a hundred calls: at one call a second a dead database is called for more than a minute and a half.',
    design: lateBreaker,
  },
  {
    name: 'myth-idle-members',
    title: 'More members than partitions',
    myth: 'Twice the members do twice the work.',
    what: 'A partition has exactly one reader: eight members on four partitions do as much as four, and the other four stand by.',
    design: idleMembers,
  },
  {
    name: 'myth-retry-and-order',
    title: 'A retry costs the order',
    myth: 'A partition keeps the order of a key, also when a record is retried.',
    what: 'What waits aside for its retry is passed by later records of its key: one try in twenty fails, and hundreds of records are done out of order.',
    design: retryAndOrder,
  },
  {
    name: 'myth-exactly-once',
    title: 'Once is at least once, and a memory',
    myth: 'Commit after each message, and a crash repeats nothing.',
    what: 'Commits come every five seconds, so the crash at 00:34 has seconds of work done again, unless the consumer remembers what it has done: archive does, billing does not.',
    design: exactlyOnce,
  },
  {
    name: 'myth-commit-first',
    title: 'Commit first and lose',
    myth: 'A commit right after reading only makes things faster.',
    what: 'Whoever commits before the work loses what was in hand: the crash at 00:30 takes nine messages with it, and no one will read them again.',
    design: commitFirst,
  },
  {
    name: 'myth-twice-the-limit',
    title: 'Twice the limit at the border',
    myth: 'A limit of fifty calls a second never lets more than fifty through within a second.',
    what: 'resilience4j counts by fixed cycles: a burst around the border of two takes the permissions of both, and a hundred calls come at once to a service that has places for seventy; a token bucket lets sixty-odd through.',
    design: twiceTheLimit,
  },
  {
    name: 'myth-commits-in-poll',
    title: 'Commits happen in poll()',
    myth: 'Automatic commits come every five seconds, so a crash costs five seconds.',
    what: 'The commit is part of poll(), and the next poll comes when the last batch is done: this one takes three quarters of a minute, and the crash at 00:30 has hundreds of orders billed again.',
    design: commitsInPoll,
  },
  {
    name: 'myth-memory-by-the-batch',
    title: 'Memory by the batch',
    myth: 'A buffer.memory of 64 KiB holds six hundred messages of 100 bytes.',
    what: 'Each batch reserves its 16 KiB when it is opened, full or not, and keeps them until it is answered: with four partitions waiting for an answer the memory is gone, and send() blocks the application.',
    design: memoryByTheBatch,
  },
  {
    name: 'myth-silently-off',
    title: 'Silently off',
    myth: 'Idempotence is on by default, so no retry writes a message twice.',
    what: 'With acks=1 the client switches it off and says so in a log line alone. Whenever an answer is late, the shop with one writes again what the log has; the shop with all never does.',
    design: silentlyOff,
  },
  {
    name: 'myth-held-back',
    title: 'One open transaction',
    myth: 'A transaction concerns its own records and no others.',
    what: 'Who reads committed records reads nothing beyond the first record of an open transaction. A process that dies with one open stops billing for a minute, orders without any transaction included; search reads on.',
    design: heldBack,
  },
  {
    name: 'myth-more-partitions',
    title: 'More partitions, another order',
    myth: 'Partitions can be added at any time: they bring more room, and a key keeps its order.',
    what: 'From three to six at 01:02, about half of the keys go to another partition. What they write now is done before what they wrote earlier, which still waits in a backlog of ten seconds.',
    design: morePartitions,
  },
];
