import type { Columns } from '../../lib/columns.ts';
import type { CompiledMachine } from '../../machines/compile-machine.ts';

/** Many instances of one machine: a byte each for its state, and since when it is in it, in microseconds. */
export class MachineStates<S extends string, E extends string> {
  state = new Uint8Array();
  since = new Float64Array();
  private readonly machine: CompiledMachine<S, E>;

  constructor(columns: Columns, machine: CompiledMachine<S, E>, count: number) {
    this.machine = machine;
    columns.u8(this, 'state', count).fill(machine.initial);
    columns.f64(this, 'since', count);
  }

  /** Something is so at an instance now, by its number in the machine; returns the state that it is in after it. */
  send(now: number, instance: number, event: number): number {
    const before = this.state[instance];
    const after = this.machine.next[before * this.machine.events.length + event];
    if (after !== before) {
      this.state[instance] = after;
      this.since[instance] = now;
    }
    return after;
  }
}
