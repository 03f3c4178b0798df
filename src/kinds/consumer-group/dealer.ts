import type { Simulation } from '../../engine/simulation.ts';
import type { Subscriber, TopicPartition } from '../shared/assignors/assignment.ts';
import { ASSIGNORS, REMOTE_ASSIGNORS, type NamedAssignor } from '../shared/assignors/assignors.ts';
import { choiceOf, type NodeConfig } from '../shared/node-config.ts';
import type { Roster } from './roster.ts';

const NONE = -1;
const COOPERATIVE = ASSIGNORS.findIndex(({ name }) => name === 'cooperative-sticky');

/**
 * Asks a group's assignor who shall read what. Members remember what they got in which generation, as the sticky
 * assignors want to know; a new process remembers nothing.
 */
export class Dealer {
  private readonly roster: Roster;
  private assignor = new Uint8Array();
  private generation = new Int32Array();
  /** Generation in which a member got what it owns; NONE if it knows of nothing. */
  private generationOf = new Int32Array();

  constructor(sim: Simulation, roster: Roster) {
    const { columns, plan } = sim;
    this.roster = roster;
    columns.u8(this, 'assignor', plan.nodeCount);
    columns.i32(this, 'generation', plan.nodeCount);
    columns.i32(this, 'generationOf', roster.workers.totalMembers).fill(NONE);
  }

  configure(node: number, config: NodeConfig): void {
    const ofLeader = choiceOf(config, 'assignor', namesOf(ASSIGNORS));
    const ofBroker = choiceOf(config, 'remoteAssignor', namesOf(REMOTE_ASSIGNORS));
    this.assignor[node] = this.roster.isConsumer(node) ? ofBroker : ofLeader;
  }

  /** Whether members keep what they read while the group rebalances. */
  isCooperative(node: number): boolean {
    return !this.roster.isConsumer(node) && this.assignor[node] === COOPERATIVE;
  }

  /** The process of a member is a new one, or was told that it lost what it had. */
  forget(member: number): void {
    this.generationOf[member] = NONE;
  }

  /**
   * The owner of each row of a group in its new generation, NONE for nobody. `ownerOf` says whose a row was; the
   * members present remember the new generation as theirs.
   */
  deal(
    sim: Simulation,
    node: number,
    present: readonly number[],
    ownerOf: (row: number) => number,
  ): Map<number, number> {
    const { roster } = this;
    const edges = roster.edgesOf(node);
    const topics = edges.map((edge) => ({
      name: sim.plan.nodeIds[sim.transfers.from[edge]],
      partitions: roster.lanesOf[edge],
    }));
    const everyTopic = topics.map((_, place) => place);
    const owned = this.ownedBy(edges, ownerOf);
    const subscribers = present.map((member): Subscriber => {
      const remembers = this.generationOf[member] !== NONE;
      return {
        id: memberName(roster.numberOf(node, member)),
        topics: everyTopic,
        ...(remembers ? { owned: owned.get(member) ?? [], generation: this.generationOf[member] } : {}),
      };
    });
    const owners = this.assignorOf(node).assign(subscribers, topics);
    this.generation[node]++;
    for (const member of present) this.generationOf[member] = this.generation[node];
    const dealt = new Map<number, number>();
    edges.forEach((edge, topic) => {
      owners[topic].forEach((place, lane) => {
        dealt.set(roster.rows.firstRow[edge] + lane, place < 0 ? NONE : present[place]);
      });
    });
    return dealt;
  }

  private ownedBy(edges: readonly number[], ownerOf: (row: number) => number): Map<number, TopicPartition[]> {
    const { rows, lanesOf } = this.roster;
    const owned = new Map<number, TopicPartition[]>();
    edges.forEach((edge, topic) => {
      for (let partition = 0; partition < lanesOf[edge]; partition++) {
        const owner = ownerOf(rows.firstRow[edge] + partition);
        if (!owned.has(owner)) owned.set(owner, []);
        owned.get(owner)!.push({ topic, partition });
      }
    });
    return owned;
  }

  private assignorOf(node: number): NamedAssignor {
    return (this.roster.isConsumer(node) ? REMOTE_ASSIGNORS : ASSIGNORS)[this.assignor[node]];
  }
}

function namesOf(assignors: readonly NamedAssignor[]): string[] {
  return assignors.map(({ name }) => name);
}

/** Name of a member within its group, from its number: m1, m2, …; the assignors sort by it. */
function memberName(number: number): string {
  return `m${number}`;
}
