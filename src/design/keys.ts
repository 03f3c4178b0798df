/** The keys of each object in a design file, in the order in which they are written. Others are kept as `extra`. */
export const KEYS = {
  design: [
    'format',
    'version',
    'name',
    'messageTypes',
    'nodes',
    'edges',
    'groups',
    'scenario',
    'goals',
    'layout',
  ],
  messageType: ['id', 'name', 'role'],
  node: ['id', 'kind', 'name', 'group', 'fields'],
  edge: ['id', 'from', 'fromPort', 'to', 'toPort', 'label', 'fields'],
  group: ['id', 'name', 'parent'],
  scenario: ['horizonMs', 'warmUpMs', 'seed', 'faults'],
  fault: ['id', 'atMs', 'forMs', 'node', 'fault', 'args'],
  goal: ['id', 'node', 'figure', 'atMost', 'atLeast'],
  layout: ['nodes'],
  place: ['id', 'x', 'y'],
} as const satisfies Record<string, readonly string[]>;
