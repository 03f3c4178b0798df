import type {
  AssignableTopic,
  Assignor,
  Subscriber,
  TopicPartition,
} from '../kinds/shared/assignors/assignment.ts';
import { byCodeUnit } from '../kinds/shared/assignors/assignment.ts';
import { assignRange } from '../kinds/shared/assignors/range-assignor.ts';
import { assignRoundRobin } from '../kinds/shared/assignors/round-robin-assignor.ts';
import { assignCooperativeSticky, assignSticky } from '../kinds/shared/assignors/sticky-assignor.ts';
import type { RuleInput } from './rule-input.ts';

const ASSIGNORS = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  sticky: assignSticky,
  'cooperative-sticky': assignCooperativeSticky,
} satisfies Record<string, Assignor>;
const NAMES = Object.keys(ASSIGNORS) as (keyof typeof ASSIGNORS)[];

/** The sticky assignors look at all partitions for each one they move: these take seconds, not hours. */
const MOST_PARTITIONS = 20_000;
const MOST_SUBSCRIPTIONS = 20_000;
const MOST_GENERATIONS = 2_147_483_647;

/** The rule `assign`: who reads which partition, as `topic-partition` in the order of the texts. */
export function assignRule(input: RuleInput): Record<string, string[]> {
  const assign: Assignor = ASSIGNORS[input.at('assignor').oneOf(NAMES)];
  const memberInputs = input.at('members').entries();
  const topics = readTopics(input, memberInputs);
  const placeOf = new Map(topics.map(({ name }, place) => [name, place]));
  const members = memberInputs.map(([id, member]) => readMember(id, member, placeOf));
  const read: string[][] = members.map(() => []);
  assign(members, topics).forEach((owners, topic) =>
    owners.forEach((owner, partition) => {
      if (owner >= 0) read[owner].push(`${topics[topic].name}-${partition}`);
    }),
  );
  return Object.fromEntries(members.map(({ id }, index) => [id, read[index].sort(byCodeUnit)]));
}

/**
 * The topics that somebody reads: the coordinator asks for no others. One that does not exist has no partitions, but
 * still makes the subscriptions of two members differ.
 */
function readTopics(input: RuleInput, members: readonly [string, RuleInput][]): AssignableTopic[] {
  const names = members.flatMap(([, member]) =>
    member
      .at('topics')
      .items()
      .map((topic) => topic.text()),
  );
  if (names.length > MOST_SUBSCRIPTIONS)
    throw input.at('members').refused(`at most ${MOST_SUBSCRIPTIONS} subscriptions`);
  const sizes = new Map(
    input
      .at('topics')
      .entries()
      .map(([name, partitions]) => [name, partitions.whole(0, MOST_PARTITIONS)]),
  );
  const topics = [...new Set(names)].map((name) => ({ name, partitions: sizes.get(name) ?? 0 }));
  if (topics.reduce((sum, { partitions }) => sum + partitions, 0) > MOST_PARTITIONS)
    throw input.at('topics').refused(`at most ${MOST_PARTITIONS} partitions`);
  return topics;
}

function readMember(id: string, member: RuleInput, placeOf: ReadonlyMap<string, number>): Subscriber {
  const topics = new Set<number>();
  for (const topic of member.at('topics').items()) {
    const place = placeOf.get(topic.text());
    if (place !== undefined) topics.add(place);
  }
  const [owned, generation, instanceId] = ['owned', 'generation', 'instanceId'].map((key) => member.at(key));
  return {
    id,
    topics: [...topics],
    owned: owned.isMissing ? [] : owned.items().flatMap((claim) => readClaim(claim, placeOf)),
    generation: generation.isMissing ? undefined : generation.whole(-1, MOST_GENERATIONS),
    instanceId: instanceId.isMissing ? undefined : instanceId.text(),
  };
}

/** Nothing for a topic that does not exist any more. */
function readClaim(claim: RuleInput, placeOf: ReadonlyMap<string, number>): TopicPartition[] {
  const [, name, number] = /^(.*)-(\d{1,9})$/s.exec(claim.text()) ?? [];
  if (name === undefined) throw claim.refused('a partition such as orders-3');
  const topic = placeOf.get(name);
  return topic === undefined ? [] : [{ topic, partition: Number(number) }];
}
