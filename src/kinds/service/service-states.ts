import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { serviceMachine } from '../../machines/service.machine.ts';
import { CalmStates } from '../shared/calm-states.ts';

const { event, state, ...rest } = compileMachine(serviceMachine);
/** States of an external service, and what it may be told, by name. */
export const SERVICE_STATE = state;
export const SERVICE_EVENT = event;

/**
 * The machines of all services, which say whether a call is looked at at all. One that refused a call for its rate limit
 * or its full line is not well again before it has taken calls for a while.
 */
export class ServiceStates extends CalmStates<keyof typeof state, keyof typeof event> {
  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
  }

  /** Whether a service is in an outage of either sort. */
  isDown(node: number): boolean {
    return this.state[node] === state.refusing || this.state[node] === state.silent;
  }

  /** A call is refused, though there is no outage. */
  refuses(now: number, node: number, why: number): void {
    this.inTrouble(now, node, why);
  }

  /** A call is taken by a service that refused some of late. */
  takes(now: number, node: number): void {
    if (this.isCalm(now, node)) this.send(now, node, event.TAKES_CALLS_AGAIN);
  }
}
