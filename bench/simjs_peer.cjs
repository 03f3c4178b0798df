// The models of bench/models.ts in simjs, as its own documentation would write them. Prints one line of JSON.
// node simjs_peer.cjs FOLDER-WITH-SIMJS MODEL MESSAGES
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [folder, model, count] = process.argv.slice(2);
const messages = Number(count);
const [length, servers, service] =
  { mm1: [1, 1, 0.8], mm4: [1, 4, 3.2], tandem: [3, 1, 0.8] }[model] ?? process.exit(2);

// The package is made for a page: it shows itself only to a window.
/** @type {any} */
const page = globalThis;
page.window = page;
createRequire(join(folder, 'x.cjs'))('simjs');
const { Sim, Entity, Facility, Random } = page.window.Sim;

const random = new Random(1);
const stations = Array.from({ length }, (_, at) => new Facility(`station ${at}`, Facility.FCFS, servers));
let made = 0;
let total = 0;

class Source extends Entity {
  start() {
    if (made++ === messages) return;
    this.setTimer(random.exponential(1)).done(() => {
      this.pass(0, this.time());
      this.start();
    });
  }

  /** @param {number} station @param {number} born */
  pass(station, born) {
    if (station === length) {
      total += this.time() - born;
      return;
    }
    this.useFacility(stations[station], random.exponential(1 / service)).done(() =>
      this.pass(station + 1, born),
    );
  }
}

const sim = new Sim();
sim.addEntity(Source);
const from = performance.now();
sim.simulate(1e15);
const seconds = (performance.now() - from) / 1000;
console.log(JSON.stringify({ events: messages * (length + 1), seconds, mean: total / messages }));
