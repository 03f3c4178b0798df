import type { Json } from '../design/types.ts';
import type { Simulation } from '../engine/simulation.ts';
import { assert } from '../lib/assert.ts';
import { BrokerClusters } from './broker-cluster/behavior.ts';
import type { CloudBrokers } from './cloud-broker/behavior.ts';
import { ClientBrokers } from './cloud-broker/client-brokers.ts';
import { cloudsOf } from './cloud-broker/clouds-of.ts';
import { Groups } from './consumer-group/behavior.ts';
import { GroupFigures } from './consumer-group/figures.ts';
import type { OffsetStarts } from './consumer-group/offset-starts.ts';
import type { TransactionWorld } from './consumer-group/group-transactions.ts';
import { Databases } from './database/behavior.ts';
import { DeadLetterQueues } from './dead-letter-queue/behavior.ts';
import type { EventRouters } from './event-router/behavior.ts';
import { routersOf } from './event-router/routers-of.ts';
import type { EdgeFields, Exchanges } from './exchange/behavior.ts';
import { exchangesOf } from './exchange/parting-exchanges.ts';
import { GroupLags } from './group-lags.ts';
import {
  emptyGauge,
  type GroupView,
  type LogView,
  type NodeBehavior,
  type NodeGauge,
} from './node-behavior.ts';
import { PartitionGrowth } from './partition-growth.ts';
import { Producers } from './producer/behavior.ts';
import { kafkaClients } from './producer/kafka-clients.ts';
import { publishersOf } from './producer/publishers.ts';
import { Queues } from './queue/behavior.ts';
import { rareColumns } from './rare-columns.ts';
import { KINDS } from './registry.ts';
import { Services } from './service/behavior.ts';
import { Addresses } from './shared/addresses.ts';
import { CallGuards } from './shared/call-guard/call-guards.ts';
import { deadLetterKeys } from './shared/dead-letter-keys.ts';
import { FIRST_GUARD_TIMER } from './shared/call-guard/guard-timer.ts';
import { EDGE_ROLE, edgeRoles } from './shared/edge-roles.ts';
import { KeyHashes } from './shared/key-hashes.ts';
import type { LinkedKinds } from './shared/links/linked-kinds.ts';
import { Links } from './shared/links/links.ts';
import { canGrow, partitionRoom, type NodeConfig } from './shared/node-config.ts';
import { replicationOf, type Replication } from './shared/replication/replication.ts';
import type { Topics } from './topic/behavior.ts';
import { topicsOf } from './topic/replicated-topics.ts';

/** A kind as an integer: its place in `KINDS`. */
const PRODUCER = 0;
const TOPIC = 1;
const QUEUE = 2;
const GROUP = 3;
const DATABASE = 4;
const DEAD_LETTERS = 5;
const EXCHANGE = 6;
const SERVICE = 7;
const CLUSTER = 8;
const CLOUD = 9;
const ROUTER = 10;
/** The gate of an edge in trouble, which has a number after those of all nodes. */
const GATE = 255;
const NONE = -1;
const ORDER =
  'producer, topic, queue, consumer-group, database, dead-letter-queue, exchange, service, broker-cluster, cloud-broker, event-router';

/**
 * The behaviour of every node of a run, built before `Simulation.begin`. Each kind keeps the state of all its
 * nodes; a `switch` on an integer leads there (11.5 M events/s, against 7.4 by a table of functions).
 */
export class RunKinds implements LinkedKinds, NodeBehavior {
  readonly logs: LogView;
  readonly groups: GroupView;
  readonly topics: Topics;
  readonly queues: Queues;
  readonly consumers: Groups;
  readonly databases: Databases;
  readonly exchanges: Exchanges;
  readonly services: Services;
  readonly clusters: BrokerClusters;
  readonly clouds: CloudBrokers;
  readonly routers: EventRouters;
  /** Of topics that are kept in clusters; null if none is. */
  readonly replication: Replication | null;
  /** Guards of calling edges; their edges are those of `PlanShape.guards`, in order. */
  readonly guards: CallGuards;
  readonly producers: Producers;
  readonly deadLetters: DeadLetterQueues;
  /** The network under the edges, for those in trouble. */
  readonly links: Links;
  readonly lags: GroupLags;
  /** Of topics that may get more partitions while they run; null if none may. */
  readonly growth: PartitionGrowth | null;
  /** By kind. */
  private readonly all: readonly NodeBehavior[];
  private readonly kindOf: Uint8Array;
  private readonly role: Uint8Array;
  /** Partitions of the topic at the start of each edge; 0 for other edges. */
  private readonly lanes: Int32Array;

  /** `nodes[n]` is node n of the simulation's plan, `edgeFields[e]` what edge e says of itself. */
  constructor(sim: Simulation, nodes: readonly NodeConfig[], edgeFields: readonly EdgeFields[]) {
    const { plan } = sim;
    assert(
      KINDS.map(({ kind }) => kind).join(', ') === ORDER,
      'the kinds must be in the order of the registry',
    );
    this.kindOf = new Uint8Array(plan.nodeCount + plan.edgeCount).fill(GATE);
    this.kindOf.set(plan.kindOf);
    this.role = edgeRoles(plan, KINDS, (kind) => kind === DATABASE || kind === SERVICE);
    const ofKind = (kind: number) => nodes.flatMap((_, node) => (plan.kindOf[node] === kind ? [node] : []));
    const lanesOf = new Int32Array(plan.edgeCount);
    for (let edge = 0; edge < plan.edgeCount; edge++) {
      if (this.role[edge] === EDGE_ROLE.records) lanesOf[edge] = partitionRoom(nodes[plan.edgeFrom[edge]]);
    }
    this.lanes = lanesOf;
    const addresses = new Addresses(nodes, ofKind(PRODUCER), deadLetterKeys(plan, nodes, this.role));
    for (const column of rareColumns(plan, nodes, this.role)) sim.messages.keep(column);
    this.exchanges = exchangesOf(sim, nodes, ofKind(EXCHANGE), this.role, edgeFields, addresses);
    this.guards = new CallGuards(sim, this.role, edgeFields, (run, node, edge, tag, succeeded) =>
      this.answer(run, node, edge, tag, succeeded),
    );
    const hashes = new KeyHashes();
    const partitions = Int32Array.from(plan.edgeTo, (to) =>
      plan.kindOf[to] === TOPIC ? partitionRoom(nodes[to]) : 0,
    );
    this.replication = replicationOf(sim, nodes);
    const clients = kafkaClients(sim, nodes, partitions, hashes, this.replication);
    const publishers = publishersOf(sim, nodes, this.role, { addresses, exchanges: this.exchanges });
    const ways = { addresses, guards: this.guards, clients, publishers };
    this.producers = new Producers(sim, nodes, ofKind(PRODUCER), this.role, ways);
    this.clusters = new BrokerClusters(sim, this.replication);
    const logs = { configs: nodes, nodes: ofKind(TOPIC), role: this.role, hashes, edgeFields };
    this.topics = topicsOf(sim, logs, this.replication);
    this.queues = new Queues(sim, nodes, ofKind(QUEUE), this.role, { addresses, exchanges: this.exchanges });
    publishers?.attach(this.queues.broker);
    this.consumers = new Groups(sim, nodes, ofKind(GROUP), this.role, lanesOf, this.guards);
    this.databases = new Databases(sim, nodes, ofKind(DATABASE));
    this.services = new Services(sim, nodes, ofKind(SERVICE));
    this.clouds = cloudsOf(sim, nodes, ofKind(CLOUD), this.role, { edgeFields, addresses });
    this.routers = routersOf(sim, nodes, ofKind(ROUTER), this.role, edgeFields, addresses);
    this.deadLetters = new DeadLetterQueues(sim, nodes, ofKind(DEAD_LETTERS), this.role, edgeFields.length);
    const { producers, topics, queues, consumers, databases, deadLetters, exchanges } = this;
    const { services, clusters, clouds, routers } = this;
    const first: NodeBehavior[] = [producers, topics, queues, consumers, databases, deadLetters, exchanges];
    this.all = [...first, services, clusters, clouds, routers];
    if (clouds instanceof ClientBrokers) this.consumers.useClients(plan, clouds);
    this.links = new Links(sim, this.role, this, (edge) => {
      if (clients?.rows.has(edge)) return 'batches';
      if (publishers?.has(edge)) return 'holds';
      return plan.kindOf[plan.edgeFrom[edge]] === PRODUCER ? 'forgets' : 'holds';
    });
    clients?.sendOver(this.links);
    this.routers.sendOver(this.links);
    this.consumers.abandonment.onLeftLine = (run, edge) => this.links.leftLine(run, edge);
    this.lags = new GroupLags(plan, this.role, (node) => plan.kindOf[node] === CLOUD, this);
    this.logs = this.topics;
    this.consumers.polls?.fetchFrom(this.topics.gaps);
    if (clients?.transactions) clients.transactions.log = this.topics;
    if (this.consumers.transactions) this.consumers.transactions.world = this.transactionWorld();
    const { rows } = this.consumers;
    topics.retention.onPassedOver = (edge, lane, records) =>
      rows.passOver(rows.firstRow[edge] + lane, records);
    topics.onEndMoved = (edge, lane, taken, ahead) => rows.cutOff(rows.firstRow[edge] + lane, taken, ahead);
    this.groups = new GroupFigures(this.consumers, this.topics);
    if (consumers.starts) this.sayWhereLogsAre(consumers.starts);
    const { replication, role } = this;
    const growing = { topics, clients, consumers, role, hashes, replication };
    this.growth = nodes.some(canGrow) ? new PartitionGrowth(sim, nodes, growing) : null;
    this.topics.growth = this.growth;
  }

  private sayWhereLogsAre(starts: OffsetStarts): void {
    const { topics } = this;
    starts.log = topics;
    topics.retention.onOutOfRange = (run, edge, lane) => starts.outOfRange(run, edge, lane);
    topics.onCutOff = (run, edge, lane, committed) => starts.cutOff(run, edge, lane, committed);
  }

  private transactionWorld(): TransactionWorld {
    const { topics, links } = this;
    return {
      log: topics,
      lanesOpenTo: (topic, id) =>
        topics.gaps!.lanesOpenTo(topics.firstPartition[topic], topics.partitions(topic), id),
      isCarrying: (sim, edge, id) => links.isCarrying(sim, edge, id),
    };
  }

  start(sim: Simulation, node: number): void {
    switch (this.kindOf[node]) {
      case PRODUCER:
        return this.producers.start(sim, node);
      case GROUP:
        return this.consumers.start(sim, node);
    }
  }

  fire(sim: Simulation, node: number, type: number, arg: number): void {
    if (type >= FIRST_GUARD_TIMER) {
      this.guards.fire(sim, type, arg);
      return;
    }
    switch (this.kindOf[node]) {
      case GROUP:
        return this.consumers.fire(sim, node, type, arg);
      case PRODUCER:
        return type === 0 ? this.producers.fire(sim, node) : this.producers.wake(sim, node, type, arg);
      case DATABASE:
        return this.databases.fire(sim, node, type, arg);
      case CLUSTER:
        return this.clusters.fire(sim, node, type, arg);
      case TOPIC:
        return this.topics.fire(sim, node, type, arg);
      case QUEUE:
        return this.queues.fire(sim, node, type, arg);
      case DEAD_LETTERS:
        return this.deadLetters.fire(sim, node);
      case SERVICE:
        return this.services.fire(sim, node, type, arg);
      case CLOUD:
        return this.clouds.fire(sim, node, type, arg);
      case ROUTER:
        return this.routers.fire(sim, node, type, arg);
      case GATE:
        return this.links.fire(sim, this.edgeOf(sim, node), type, arg);
    }
  }

  offer(sim: Simulation, node: number, edge: number, message: number, tag: number): boolean {
    switch (this.kindOf[node]) {
      case QUEUE:
        return this.queues.offer(sim, node, message);
      case TOPIC:
        return this.topics.offer(sim, node, message, tag);
      case DATABASE:
        return this.databases.offer(sim, node, edge, tag);
      case DEAD_LETTERS:
        return this.deadLetters.offer(sim, node, edge, message);
      case EXCHANGE:
        return this.exchanges.offer(sim, node, message);
      case SERVICE:
        return this.services.offer(sim, node, edge, tag);
      case CLOUD:
        return this.clouds.offer(sim, node, message);
      case ROUTER:
        return this.routers.offer(sim, node, message);
      case GATE:
        return this.links.offer(sim, edge, message, tag);
    }
    assert(false, 'a message was sent to a node that takes none');
  }

  room(sim: Simulation, node: number, edge: number, tag: number): void {
    const kind = this.kindOf[node];
    if (kind !== GATE && this.guards.of[edge] !== NONE) {
      this.guards.room(sim, edge, tag);
      return;
    }
    switch (kind) {
      case GROUP:
        return this.consumers.room(sim, node, edge, tag);
      case PRODUCER:
        return this.producers.room(sim, node, edge, tag);
      case QUEUE:
        return this.queues.room(sim, node, edge, tag);
      case EXCHANGE:
        return this.exchanges.room(sim, edge, tag);
      case DEAD_LETTERS:
        return this.deadLetters.room(sim, node, edge, tag);
      case CLOUD:
        return this.clouds.room(sim, node, edge, tag);
      case ROUTER:
        return this.routers.room(sim, node, edge, tag);
      case GATE:
        return this.links.room(sim, edge, tag);
    }
  }

  reply(sim: Simulation, node: number, edge: number, tag: number, succeeded: boolean): void {
    if (this.kindOf[node] === GATE) this.links.reply(sim, edge, tag, succeeded);
    else if (this.guards.of[edge] !== NONE) this.guards.reply(sim, edge, tag, succeeded);
    else this.answer(sim, node, edge, tag, succeeded);
  }

  /** The caller itself hears how its call ended. */
  private answer(sim: Simulation, node: number, edge: number, tag: number, succeeded: boolean): void {
    const kind = this.kindOf[node];
    if (kind === GROUP) this.consumers.reply(sim, node, tag, succeeded);
    else if (kind === ROUTER) this.routers.reply(sim, node, edge, tag, succeeded);
    else this.producers.reply(sim, node, edge, tag, succeeded);
  }

  deliver(sim: Simulation, node: number, edge: number, message: number): boolean {
    if (this.kindOf[node] === GATE) return this.links.deliver(sim, edge, message);
    return this.consumers.deliver(sim, node, edge, message);
  }

  available(sim: Simulation, node: number, edge: number, lane: number): void {
    if (this.kindOf[node] === GATE) this.links.available(sim, edge, lane);
    else this.consumers.available(sim, node, edge, lane);
  }

  take(sim: Simulation, node: number, edge: number, lane: number): number {
    const kind = this.kindOf[node];
    if (kind === QUEUE) return this.queues.take(sim, node, edge);
    if (kind === GATE) return this.links.take(sim, edge, lane);
    if (kind === CLOUD) return this.clouds.take(sim, node, edge);
    return this.topics.take(sim, node, edge, lane);
  }

  settle(sim: Simulation, node: number, edge: number, lane: number, count: number): void {
    const kind = this.kindOf[node];
    if (kind === QUEUE) this.queues.settle(node);
    else if (kind === GATE) this.links.settle(sim, edge, this.receiptOf(sim, edge, lane), count);
    else if (kind === CLOUD) this.clouds.settle(sim, node, edge, ~this.receiptOf(sim, edge, lane), count > 0);
    else this.topics.settle(node, edge, lane, count);
  }

  giveBack(sim: Simulation, node: number, edge: number, lane: number, message: number): void {
    const kind = this.kindOf[node];
    if (kind === GATE) this.giveBack(sim, sim.plan.edgeFrom[edge], edge, lane, message);
    else if (kind === QUEUE) this.queues.giveBack(sim, node, lane, message);
    else if (kind === CLOUD) this.clouds.giveBack(sim, node, lane, message);
    else this.topics.giveBack(sim, node, edge, lane, message);
  }

  headSince(sim: Simulation, edge: number, lane: number): number {
    if (this.role[edge] === EDGE_ROLE.records) return this.topics.headSince(edge, lane);
    return this.kindOf[sim.plan.edgeFrom[edge]] === CLOUD
      ? this.clouds.headSince(sim, edge)
      : this.queues.headSince(sim, edge);
  }

  lanesOf(edge: number): number {
    return Math.max(1, this.lanes[edge]);
  }

  lookAgain(sim: Simulation, node: number): void {
    this.consumers.lookAgain(sim, node);
  }

  readersCut(sim: Simulation, edge: number, isCut: boolean): void {
    this.consumers.connections.cutEdge(sim, edge, isCut);
    if (this.role[edge] !== EDGE_ROLE.records) return;
    const node = sim.plan.edgeTo[edge];
    const { inStart, inEdges } = sim.plan;
    const topics = inEdges
      .subarray(inStart[node], inStart[node + 1])
      .filter((other) => this.role[other] === EDGE_ROLE.records);
    const allCut = topics.every((other) => this.links.troubles.isCut(other));
    if (!isCut || allCut) this.consumers.faults.topicsCut(sim, node, isCut);
  }

  leftLine(sim: Simulation, node: number): void {
    if (this.kindOf[node] === QUEUE) this.queues.limits.hasLess(sim, node);
  }

  setField(sim: Simulation, node: number, field: string, value: Json): void {
    this.of(node).setField(sim, node, field, value);
  }

  inject(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    this.of(node).inject(sim, node, fault, args);
  }

  heal(sim: Simulation, node: number, fault: string, args: Readonly<Record<string, Json>>): void {
    this.of(node).heal(sim, node, fault, args);
  }

  gauge(sim: Simulation, node: number, into: NodeGauge): void {
    this.gaugeWithoutLag(sim, node, into);
    if (this.kindOf[node] === GROUP) into.amount = this.lags.behind(sim, node);
  }

  /** A gauge without the amount of a group, which takes a walk over all that the group reads. */
  gaugeWithoutLag(sim: Simulation, node: number, into: NodeGauge): void {
    emptyGauge(into);
    this.of(node).gauge(sim, node, into);
  }

  held(sim: Simulation, node: number): number {
    return this.of(node).held(sim, node);
  }

  /**
   * What a consumer of a managed broker acknowledges: not the message, whose slot may have another by the time that
   * the word has come, but its receipt, here below zero. Other channels are told a lane.
   */
  private receiptOf({ plan, messages }: Simulation, edge: number, lane: number): number {
    if (lane < 0 || this.kindOf[plan.edgeFrom[edge]] !== CLOUD) return lane;
    return ~messages.receipt[lane];
  }

  private edgeOf({ plan }: Simulation, gate: number): number {
    return gate - plan.nodeCount;
  }

  private of(node: number): NodeBehavior {
    return this.all[this.kindOf[node]];
  }
}
