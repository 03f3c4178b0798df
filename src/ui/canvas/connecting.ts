import type { Design } from '../../design/types.ts';
import { possibleConnections } from '../../kinds/connections.ts';
import type { Studio, ViewState } from '../../store/studio.ts';

/** How a card stands to the connection being made: its start, a place to end it, not one, or none is being made. */
export type ConnectRole = 'start' | 'allowed' | 'refused' | null;

/** The role of a card of this kind while a connection from `connectingFrom` is being made. */
export function connectRole(
  design: Design,
  connectingFrom: ViewState['connectingFrom'],
  node: { id: string; kind: string },
): ConnectRole {
  if (!connectingFrom) return null;
  if (connectingFrom.node === node.id) return 'start';
  const from = design.nodes.find((one) => one.id === connectingFrom.node);
  if (!from) return null;
  const ways = possibleConnections(from.kind, node.kind);
  const { port } = connectingFrom;
  return ways.some((way) => port === undefined || way.fromPort === port) ? 'allowed' : 'refused';
}

/** Ends a connection on a card. A refused one is told by the notice, and the user may try another card. */
export function connectTo(studio: Studio, target: string): void {
  const { connectingFrom } = studio.view.getState();
  if (!connectingFrom || connectingFrom.node === target) return;
  const joined = studio.edit.connect(connectingFrom.node, target, connectingFrom.port);
  if (joined) studio.view.setState({ connectingFrom: null });
}

/** Starts a connection by tap: the next card tapped is its end. */
export function connectFrom(studio: Studio, node: string, port?: string): void {
  studio.edit.dismissNotice();
  studio.view.setState({ connectingFrom: { node, port }, placing: null });
}
