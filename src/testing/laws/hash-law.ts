import { Columns } from '../../lib/columns.ts';
import { RollingHash } from '../../lib/rolling-hash.ts';
import { hold, type Law, type Scene } from './law.ts';

/** The hash of a run is that of every event's time, code and argument, and of all that was done from outside. */
export function hashLaw({ sim }: Scene): Law {
  const mirror = new RollingHash(new Columns());
  const lanes = Reflect.get(mirror, 'lanes') as Int32Array;
  lanes[0] = sim.hash.high;
  lanes[1] = sim.hash.low;
  return {
    popped() {
      mirror.mix(sim.queue.time, sim.queue.code, sim.queue.arg);
    },
    commanded(code, value) {
      mirror.mix(sim.now, code, value);
    },
    afterEvent() {
      hold(mirror.hex() === sim.hash.hex(), 'I39: the hash leaves something out', sim.now);
    },
  };
}
