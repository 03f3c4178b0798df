import type { Simulation } from './simulation.ts';

/**
 * What the kinds provide and the engine calls. Everything is an integer: a node, an edge, a message slot, an
 * event type of the kind's own (0 to 30), a lane (a partition, or 0) and a tag that the sender chose.
 *
 * Two ways for a message to move. *Push*: the sender offers it along an edge; the target takes it or refuses, and
 * a refused sender is called back through `room`. *Pull*: a queue may `deliver` to a consumer with a free worker, a log
 * says that something is `available`, and whoever has finished its work takes the next.
 */
export interface Behaviors {
  /** Schedules the first events of a node. */
  start(sim: Simulation, node: number): void;
  /** An event that the node scheduled is due. */
  fire(sim: Simulation, node: number, type: number, arg: number): void;
  /**
   * A message arrives. True: the target has it now (for a call: it works on it, and the caller keeps it until
   * `reply`). False: there is no room, and nothing has changed.
   */
  offer(sim: Simulation, node: number, edge: number, message: number, tag: number): boolean;
  /** A target that refused has room: the sender offers again with `sim.resend`. */
  room(sim: Simulation, node: number, edge: number, tag: number): void;
  /** A call that the node made along `edge` is answered. */
  reply(sim: Simulation, node: number, edge: number, tag: number, succeeded: boolean): void;
  /** A queue hands a message to the consumer at the other end of `edge`. False: it has no free worker. */
  deliver(sim: Simulation, node: number, edge: number, message: number): boolean;
  /** A log has a message in this lane that the consumer at the other end of `edge` may take. */
  available(sim: Simulation, node: number, edge: number, lane: number): void;
  /** The consumer takes the next message of a lane; -1 if there is none. */
  take(sim: Simulation, node: number, edge: number, lane: number): number;
  /**
   * The consumer has finished with `count` messages of a lane, in order (a commit or an acknowledgement). Where each is
   * acknowledged by itself, 0 says that nothing was done for it, as it was known to be done.
   */
  settle(sim: Simulation, node: number, edge: number, lane: number, count: number): void;
  /** The consumer gives back what it took and did not settle: a queue gets the message, a log rewinds the lane. */
  giveBack(sim: Simulation, node: number, edge: number, lane: number, message: number): void;
}
