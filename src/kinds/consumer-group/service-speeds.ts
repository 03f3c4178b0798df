import { PURPOSE } from '../../engine/plan.ts';
import type { Simulation } from '../../engine/simulation.ts';
import { distributionOf, type NodeConfig } from '../shared/node-config.ts';

const MICROS_PER_MS = 1000;

/** Whose service times these are. */
interface Serving {
  /** Sampler of each group; `~sampler` while one of its members is slower than the others. */
  service: Int32Array;
}

/** How fast groups work: all of one, and single members. A group without a slow member pays one comparison for it. */
export class ServiceSpeeds {
  private readonly work: Serving;
  /** Of each member: how many times longer its tries take than those of the group. */
  private slowness = new Float64Array();
  /** Of each group: its slow members. */
  private slowMembers = new Int32Array();

  constructor({ columns, plan }: Simulation, members: number, work: Serving) {
    this.work = work;
    columns.f64(this, 'slowness', members).fill(1);
    columns.i32(this, 'slowMembers', plan.nodeCount);
  }

  configure(sim: Simulation, node: number, config: NodeConfig): void {
    this.work.service[node] = sim.samplers.add(distributionOf(config, 'serviceTime'));
    this.slowDown(sim, node, 1);
  }

  sampler(node: number): number {
    const found = this.work.service[node];
    return found < 0 ? ~found : found;
  }

  /** Every try of a group takes this many times longer from now on. */
  slowDown(sim: Simulation, node: number, factor: number): void {
    sim.samplers.scale(this.sampler(node), MICROS_PER_MS * factor);
  }

  /** Every try of one member, too, beside what slows its group down. */
  slowMember(node: number, member: number, factor: number): void {
    const wasSlow = this.slowness[member] !== 1;
    this.slowness[member] = factor;
    this.slowMembers[node] += Number(factor !== 1) - Number(wasSlow);
    const sampler = this.sampler(node);
    this.work.service[node] = this.slowMembers[node] > 0 ? ~sampler : sampler;
  }

  /** Length in microseconds of a try of a member, in a group of which one is slow. */
  draw(sim: Simulation, node: number, member: number): number {
    const time = sim.samplers.sample(this.sampler(node), sim.random, sim.stream(node, PURPOSE.service));
    return Math.round(time * this.slowness[member]);
  }
}
