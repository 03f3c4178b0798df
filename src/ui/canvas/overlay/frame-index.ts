import { READER, type FrameLayout } from '../../../simulation/frame/frame-layout.ts';

/** A group that reads a topic: the node's id, its place among the groups, and the first of its reader rows. */
export interface TopicReader {
  groupNode: string;
  first: number;
}

/** Finds a node's, edge's or topic's columns in a frame by id. Made once a layout. */
export interface FrameIndex {
  layout: FrameLayout;
  node: ReadonlyMap<string, number>;
  edge: ReadonlyMap<string, number>;
  /** By edge id: the place of its guards. */
  guard: ReadonlyMap<string, number>;
  /** By node id: the topic's place among the topics, its partitions, its readers. */
  topic: ReadonlyMap<string, { topic: number; partitions: number; readers: readonly TopicReader[] }>;
}

export function frameIndex(layout: FrameLayout): FrameIndex {
  const { shape } = layout;
  const idOf = (node: number) => shape.nodes[node].id;
  return {
    layout,
    node: new Map(shape.nodes.map((node, index) => [node.id, index])),
    edge: new Map(shape.edges.map((edge, index) => [edge.id, index])),
    guard: new Map(shape.guards.map(({ edge }, index) => [shape.edges[edge].id, index])),
    topic: new Map(
      shape.topics.map((entry, topic) => [
        idOf(entry.node),
        {
          topic,
          partitions: entry.partitions,
          readers: layout.readers
            .filter((reader) => reader.topic === topic)
            .map((reader) => ({ groupNode: idOf(shape.groups[reader.group].node), first: reader.first })),
        },
      ]),
    ),
  };
}

/** The wanted group among a topic's readers, or else the one that is furthest behind; null if nobody reads. */
export function shownReader(
  layout: FrameLayout,
  data: Float64Array,
  readers: readonly TopicReader[],
  partitions: number,
  wanted: string | null,
): TopicReader | null {
  let worst: TopicReader | null = null;
  let most = -1;
  for (const reader of readers) {
    if (reader.groupNode === wanted) return reader;
    let lag = 0;
    for (let partition = 0; partition < partitions; partition++)
      lag += data[layout.reader(reader.first, partition) + READER.lag];
    if (lag > most) {
      most = lag;
      worst = reader;
    }
  }
  return worst;
}
