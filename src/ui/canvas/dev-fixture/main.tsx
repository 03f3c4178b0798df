import '../../look/tokens.css';
import '../../app/app.css';
import '../../controls/controls.css';
import { createRoot } from 'react-dom/client';
import { createStudio } from '../../../store/create-studio.ts';
import type { Design } from '../../../design/types.ts';
import {
  BADGE,
  EDGE,
  FrameLayout,
  HEADER,
  NODE,
  PARTITION,
  READER,
  SAMPLE,
  SAMPLE_HEADER_SIZE,
  SAMPLE_NODE_SIZE,
} from '../../../simulation/frame-layout.ts';
import { StudioProvider } from '../../app/studio-context.tsx';
import { Palette } from '../../palette/palette.tsx';
import { DesignCanvas } from '../design-canvas.tsx';

const q = new URLSearchParams(location.search);
document.documentElement.dataset.theme = q.get('theme') ?? 'light';
const n = (id: string, kind: string, fields: any = {}) => ({ id, kind, name: id, fields });
const e = (from: string, fromPort: string, to: string) => ({
  id: `${from}-${to}`,
  from,
  fromPort,
  to,
  toPort: 'in',
});
const P: [string, number, number][] = [
  ['checkout-web', 12, 72],
  ['mobile-app', 12, 176],
  ['partner-feed', 12, 280],
  ['orders', 240, 72],
  ['shipping', 516, 20],
  ['analytics', 516, 124],
  ['billing', 516, 264],
  ['shipments-db', 852, 20],
  ['warehouse', 852, 124],
  ['ledger-db', 852, 264],
  ['orders.retry', 240, 468],
  ['orders.dlq', 744, 448],
];
let design: Design = {
  version: 1,
  name: 'Orders and billing',
  messageTypes: [
    { id: 'a', name: 'OrderPlaced' },
    { id: 'b', name: 'OrderChanged' },
    { id: 'c', name: 'OrderImported' },
  ],
  nodes: [
    n('checkout-web', 'producer', { rate: 120 }),
    n('mobile-app', 'producer', { rate: 60, arrivals: 'burst' }),
    n('partner-feed', 'producer', { rate: 20 }),
    n('orders', 'topic', { partitions: Number(q.get('p') ?? 6) }),
    n('shipping', 'consumer-group'),
    n('analytics', 'consumer-group'),
    n('billing', 'consumer-group', { members: 3 }),
    n('shipments-db', 'database'),
    n('warehouse', 'database'),
    n('ledger-db', 'database'),
    n('orders.retry', 'topic', { partitions: 1 }),
    n('orders.dlq', 'dead-letter-queue'),
    ...(q.has('unknown') ? [n('mystery', 'time-machine')] : []),
  ],
  edges: [
    e('checkout-web', 'out', 'orders'),
    e('mobile-app', 'out', 'orders'),
    e('partner-feed', 'out', 'orders'),
    e('orders', 'out', 'shipping'),
    e('orders', 'out', 'analytics'),
    e('orders', 'out', 'billing'),
    e('shipping', 'out', 'shipments-db'),
    e('analytics', 'out', 'warehouse'),
    e('billing', 'out', 'ledger-db'),
    e('billing', 'failed', 'orders.dlq'),
    e('analytics', 'failed', 'orders.retry'),
    e('orders.retry', 'out', 'billing'),
    ...(q.has('long') ? [e('partner-feed', 'out', 'ledger-db')] : []),
  ],
  groups: [],
  scenario: { horizonMs: 60000, warmUpMs: 0, seed: 7, faults: [] },
  goals: [],
  layout: { nodes: P.map(([id, x, y]) => ({ id, x, y })) },
};
const many = Number(q.get('n') ?? 0);
if (many) {
  const nodes: any[] = [],
    edges: any[] = [],
    places: any[] = [];
  const kinds = ['producer', 'topic', 'consumer-group', 'database'];
  for (let i = 0; i < many; i++) {
    const c = i % 4;
    nodes.push(n(`n${i}`, kinds[c], c === 1 ? { partitions: 3 } : {}));
    places.push({ id: `n${i}`, x: c * 280 + Math.floor(i / 80) * 1200, y: (Math.floor(i / 4) % 20) * 200 });
    if (c > 0) edges.push(e(`n${i - 1}`, 'out', `n${i}`));
    if (c > 0 && i > 8) edges.push(e(`n${i - 5}`, 'out', `n${i}`));
  }
  design = { ...design, nodes, edges, layout: { nodes: places } };
}
if (q.has('empty')) design = { ...design, nodes: [], edges: [], layout: { nodes: [] } };
const port = {
  postMessage() {},
  terminate() {},
  addEventListener() {},
  removeEventListener() {},
  onmessage: null,
  onerror: null,
  onmessageerror: null,
} as any;
const studio = createStudio({ initial: design, startWorker: () => port });
(window as any).studio = studio;
await new Promise((r) => setTimeout(r, 400));
await studio.edit.open(design);
studio.runs.setState({ activeFaults: [] });

function fake(design: Design, live: boolean) {
  const at = new Map(design.nodes.map((x, i) => [x.id, i]));
  const topics = design.nodes.flatMap((x, i) =>
    x.kind === 'topic' ? [{ node: i, partitions: Number(x.fields.partitions) }] : [],
  );
  const groups = design.nodes.flatMap((x, i) =>
    x.kind === 'consumer-group' ? [{ node: i, members: 3 }] : [],
  );
  const layout = new FrameLayout({
    nodes: design.nodes.map((x) => ({ id: x.id, kind: x.kind })),
    edges: design.edges.map((x) => ({ id: x.id, from: at.get(x.from)!, to: at.get(x.to)! })),
    topics,
    groups,
  });
  const rate: Record<string, number> = {
    'checkout-web': 120,
    'mobile-app': 60,
    'partner-feed': 20,
    orders: 200,
    shipping: 200,
    analytics: 133,
    billing: 46,
    'shipments-db': 200,
    warehouse: 133,
    'ledger-db': 0,
    'orders.retry': 43,
    'orders.dlq': 3,
  };
  const badge: Record<string, number> = {
    analytics: BADGE.blocked,
    warehouse: BADGE.full,
    billing: BADGE.rebalancing,
    'ledger-db': BADGE.faultFirst + 1,
  };
  const level: Record<string, number> = {
    'checkout-web': 0.45,
    'mobile-app': 0.3,
    'partner-feed': 0.2,
    orders: 0.38,
    shipping: 0.55,
    analytics: 1,
    billing: 1,
    'shipments-db': 0.35,
    warehouse: 1,
    'orders.retry': 0.3,
    'orders.dlq': 0.12,
  };
  const amount: Record<string, number> = { shipping: 14, analytics: 1204, billing: 3393, 'orders.dlq': 42 };
  let t = 47300;
  const x = Number(q.get('x') ?? 1);
  const emit = () => {
    t += 50;
    const samples = Math.floor(t / 1000) !== Math.floor((t - 50) / 1000) ? 1 : 0;
    const data = new Float64Array(layout.size(samples));
    data[HEADER.simulatedMs] = t;
    data[HEADER.events] = t;
    data[HEADER.sampleCount] = samples;
    data[HEADER.speedReached] = 1;
    design.nodes.forEach((node, i) => {
      const o = layout.node(i);
      const r = (rate[node.id] ?? 50) * x;
      data[o + NODE.level] =
        level[node.id] ?? (node.id === 'ledger-db' ? 0 : Math.abs(Math.sin(i + t / 9000)));
      data[o + NODE.badge] = badge[node.id] ?? (q.has('down') && node.id === 'ledger-db' ? BADGE.down : 0);
      data[o + NODE.badgeValue] = 8;
      if (q.has('down') && node.id === 'ledger-db') data[o + NODE.badge] = BADGE.down;
      data[o + NODE.inPerSecond] = r;
      data[o + NODE.outPerSecond] = r;
      data[o + NODE.amount] = amount[node.id] ?? 0;
      data[o + NODE.busy] = node.id === 'warehouse' ? 20 : 7;
      data[o + NODE.servers] = 20;
      data[o + NODE.lastActiveMs] = node.id === 'ledger-db' ? 42000 : t;
    });
    design.edges.forEach((edge, i) => {
      const o = layout.edge(i);
      let r = rate[edge.from] ?? 50;
      if (edge.to === 'orders.dlq') r = 3;
      if (edge.to === 'billing' && edge.from === 'orders') r = 46;
      if (edge.to === 'ledger-db') r = 0;
      if (edge.to === 'orders.retry') r = 43;
      data[o + EDGE.perSecond] = (r * x) / (q.has('sparse') ? 10 : 1);
      if (edge.to === 'warehouse') {
        data[o + EDGE.blocked] = 1;
        data[o + EDGE.waiting] = 12;
      }
      data[o + EDGE.messageType] = i < 3 ? i : Math.floor(t / 50) % 5 < 3 ? 0 : (Math.floor(t / 50) % 5) - 2;
    });
    topics.forEach((topic, ti) => {
      for (let p = 0; p < topic.partitions; p++)
        data[layout.partition(ti, p) + PARTITION.perSecond] = p === 2 ? 82 : 24;
    });
    const lags = [210, 205, 1840, 372, 385, 381];
    for (const reader of layout.readers)
      for (let p = 0; p < topics[reader.topic].partitions; p++) {
        const o = layout.reader(reader.first, p);
        data[o + READER.lag] = reader.group === 2 ? lags[p % 6] + (p > 5 ? p : 0) : 7;
        data[o + READER.owner] = p < 4 ? Math.floor(p / 2) : -1;
      }
    if (samples) {
      const o = layout.samplesAt;
      data[o + SAMPLE.simulatedMs] = t;
      design.nodes.forEach((node, i) => {
        const s = o + SAMPLE_HEADER_SIZE + i * SAMPLE_NODE_SIZE;
        data[s] = data[s + 1] = (rate[node.id] ?? 50) * (1 + 0.1 * Math.sin(i + t / 1700));
        data[s + 2] = (amount[node.id] ?? 0) * (t / 60000) ** 2;
      });
    }
    studio.frames.publish({ layout, data });
  };
  if (!live) return;
  studio.runs.setState({ session: 'running' });
  t = 17300;
  for (let i = 0; i < 600; i++) emit();
  setInterval(emit, 50);
}
createRoot(document.getElementById('root')!).render(
  <StudioProvider studio={studio}>
    <div
      style={{
        display: 'grid',
        gridTemplate: 'minmax(0,1fr) / 80px minmax(0,1fr)',
        height: q.get('h') ? `${q.get('h')}px` : 592,
        width: q.get('w') ? `${q.get('w')}px` : 1112,
      }}
    >
      <Palette />
      <main style={{ position: 'relative' }}>
        <DesignCanvas />
      </main>
    </div>
  </StudioProvider>,
);
fake(design, q.has('live'));
