import type { Columns } from '../../lib/columns.ts';
import { compileMachine } from '../../machines/compile-machine.ts';
import { serviceMachine } from '../../machines/service.machine.ts';
import { MachineStates } from '../shared/machine-states.ts';

const { event, state, ...rest } = compileMachine(serviceMachine);
/** States of an external service, and what it may be told, by name. */
export const SERVICE_STATE = state;
export const SERVICE_EVENT = event;

/** A service that refused a call is not well again before it has taken calls for so long, so that it does not flicker. */
const CALM_MICROS = 1_000_000;

/** The machines of all services, which say whether a call is looked at at all. */
export class ServiceStates extends MachineStates<keyof typeof state, keyof typeof event> {
  /** Of each service: when it last refused a call for its rate limit or its full line. */
  private refusedAt = new Float64Array();

  constructor(columns: Columns, nodes: number) {
    super(columns, { event, state, ...rest }, nodes);
    columns.f64(this, 'refusedAt', nodes);
  }

  /** Whether a service is in an outage of either sort. */
  isDown(node: number): boolean {
    return this.state[node] === state.refusing || this.state[node] === state.silent;
  }

  /** A call is refused, though there is no outage. */
  refuses(now: number, node: number, why: number): void {
    this.refusedAt[node] = now;
    this.send(now, node, why);
  }

  /** A call is taken by a service that refused some of late. */
  takes(now: number, node: number): void {
    if (now - this.refusedAt[node] >= CALM_MICROS) this.send(now, node, event.TAKES_CALLS_AGAIN);
  }
}
