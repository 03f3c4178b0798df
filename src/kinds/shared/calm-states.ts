import type { Columns } from '../../lib/columns.ts';
import type { CompiledMachine } from '../../machines/compile-machine.ts';
import { MachineStates } from './machine-states.ts';

/** How long all must go well before whoever was in trouble is well again, so that it does not flicker. */
const CALM_MICROS = 1_000_000;

/** Machines that leave a trouble only when it is a while since the last sign of it. */
export class CalmStates<S extends string, E extends string> extends MachineStates<S, E> {
  /** When the last sign of trouble came at each instance. */
  private troubledAt = new Float64Array();

  constructor(columns: Columns, machine: CompiledMachine<S, E>, count: number) {
    super(columns, machine, count);
    columns.f64(this, 'troubledAt', count);
  }

  /** A sign of trouble at an instance. */
  protected inTrouble(now: number, instance: number, event: number): void {
    this.troubledAt[instance] = now;
    this.send(now, instance, event);
  }

  protected isCalm(now: number, instance: number): boolean {
    return now - this.troubledAt[instance] >= CALM_MICROS;
  }
}
