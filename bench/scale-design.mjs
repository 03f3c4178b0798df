/** Messages a second that the topic of the bench takes. */
export const MILLION = 1_000_000;
/** More than any one core simulates message by message: the page has to say what it reaches. */
export const TEN_MILLION = 10_000_000;

const MEMBERS = 100;

/**
 * A topic of 100 partitions and a group of 100 members that is busy four fifths of the time, whatever the rate; so
 * the group keeps up, and what is measured is the simulating and not a backlog that grows.
 * @param {number} rate
 */
export function scaleDesign(rate) {
  const meanMs = (0.8 * MEMBERS * 1000) / rate;
  return {
    format: /** @type {const} */ ('spillway'),
    version: /** @type {const} */ (1),
    name: 'Scale',
    nodes: [
      { id: 'source', kind: 'producer', name: 'source', fields: { rate, arrivals: 'poisson', keys: 'none' } },
      { id: 'topic', kind: 'topic', name: 'topic', fields: { partitions: MEMBERS } },
      {
        id: 'group',
        kind: 'consumer-group',
        name: 'group',
        fields: { members: MEMBERS, serviceTime: { shape: 'constant', mean: meanMs } },
      },
    ],
    edges: [
      { id: 'write', from: 'source', fromPort: 'out', to: 'topic', toPort: 'in' },
      { id: 'read', from: 'topic', fromPort: 'out', to: 'group', toPort: 'in' },
    ],
    layout: {
      nodes: [
        { id: 'source', x: 0, y: 0 },
        { id: 'topic', x: 260, y: 0 },
        { id: 'group', x: 560, y: 0 },
      ],
    },
  };
}
