// Bugs that the checks must see. Each is one replacement in the source, made while a program is bundled and never in
// the product: `find` occurs exactly once in `file`. `npm run mutants` says which check sees which.

/** @typedef {{ name: string, file: string, find: string, replace: string }} Mutant */

/** @type {Mutant[]} */
export const MUTANTS = [
  // Event queue, clock and hash
  {
    name: 'a tie goes to the later event',
    file: 'src/lib/event-queue.ts',
    find: 'return rows[rowA + ORDER_LOW] >>> 0 < rows[rowB + ORDER_LOW] >>> 0;',
    replace: 'return rows[rowA + ORDER_LOW] >>> 0 > rows[rowB + ORDER_LOW] >>> 0;',
  },
  {
    name: 'priorities are ignored',
    file: 'src/lib/event-queue.ts',
    find: 'if (highA !== highB) return highA < highB;',
    replace: '',
  },
  {
    name: 'a cancelled event fires',
    file: 'src/lib/event-queue.ts',
    find: 'this.rows[high] |= CANCELLED;',
    replace: '',
  },
  {
    name: 'the heap never looks at the right child',
    file: 'src/lib/event-queue.ts',
    find: 'child += ((right < left) as unknown as number) | 0;',
    replace: '',
  },
  {
    name: 'an event at the end of a slice waits for the next one',
    file: 'src/lib/event-queue.ts',
    find: 'if (time > until) return false;',
    replace: 'if (time >= until) return false;',
  },
  {
    name: 'the ladder leaves out every other bucket',
    file: 'src/lib/event-ladder.ts',
    find: 'this.cursors[rung] = at + 1;',
    replace: 'this.cursors[rung] = Math.min(at + 2, last + 1);',
  },
  {
    name: 'the ladder sorts into the wrong bucket',
    file: 'src/lib/event-ladder.ts',
    find: '(distance < last ? distance | 0 : last)',
    replace: '(distance < last ? (distance | 0) + 1 : last)',
  },
  {
    name: 'a bucket of the ladder reaches beyond its rung',
    file: 'src/lib/event-ladder.ts',
    find: 'Math.min(this.starts[rung] + (at - base + 1) * this.widths[rung], this.ends[rung]);',
    replace: 'this.starts[rung] + (at - base + 1) * this.widths[rung];',
  },
  {
    name: 'the hash forgets the argument of an event',
    file: 'src/engine/simulation.ts',
    find: 'this.hash.mix(time, code, arg);',
    replace: 'this.hash.mix(time, code, 0);',
  },
  {
    name: 'the hash forgets what is done from outside',
    file: 'src/engine/simulation.ts',
    find: 'this.hash.mix(this.now, code, value);',
    replace: '',
  },
  {
    name: 'the clock stays behind at the end of a slice without events',
    file: 'src/engine/simulation.ts',
    find: 'if (done < maxEvents && this.now < until) this.clock[0] = until;',
    replace: '',
  },
  {
    name: 'nothing counts the events at one instant',
    file: 'src/engine/simulation.ts',
    find: 'if (time === this.now) this.countInstant();',
    replace: 'if (time < this.now) this.countInstant();',
  },
  {
    name: 'a scalar is left out of snapshots',
    file: 'src/engine/messages.ts',
    find: "columns.scalars(this, ['nextSerial']);",
    replace: '',
  },
  // Slots, lists, lines
  {
    name: 'a slot is given out twice',
    file: 'src/lib/slot-pool.ts',
    find: 'this.inUse += 1;\n    return this.free[this.capacity - this.inUse];',
    replace:
      'this.inUse += 1;\n    return this.free[Math.min(this.capacity - 1, this.capacity - this.inUse + 1)];',
  },
  {
    name: 'a list takes new messages in front',
    file: 'src/engine/message-lists.ts',
    find: 'else next[tail] = message;\n    rows[row | TAIL] = message;',
    replace:
      'else { next[message] = rows[row | HEAD]; rows[row | HEAD] = message; rows[row | LENGTH]++; return; }\n    rows[row | TAIL] = message;',
  },
  {
    name: 'what comes back goes to the end of its queue',
    file: 'src/engine/message-lists.ts',
    find: 'if (enteredAt[a] !== enteredAt[b]) return enteredAt[a] < enteredAt[b];',
    replace: 'if (enteredAt[a] !== enteredAt[b]) return true;',
  },
  {
    name: 'a sender that found no room goes to the end of the line',
    file: 'src/engine/simulation.ts',
    find: 'transfers.waiters.pushFront(to, edge, tag);',
    replace: 'transfers.waiters.push(to, edge, tag);',
  },
  {
    name: 'a new sender overtakes the line',
    file: 'src/engine/simulation.ts',
    find: 'if (transfers.waiters.count[to] === 0 && this.behaviors.offer(this, to, edge, message, tag)) {',
    replace: 'if (this.behaviors.offer(this, to, edge, message, tag)) {',
  },
  {
    name: 'a wake-up is lost while more than one waits',
    file: 'src/engine/simulation.ts',
    find: 'if (this.transfers.waiters.count[node] > 0) {',
    replace: 'if (this.transfers.waiters.count[node] === 1) {',
  },
  {
    name: 'a dead sender stays in the line',
    file: 'src/engine/waiters.ts',
    find: 'if (this.edge[entry] === edge && this.tag[entry] === tag) {',
    replace: 'if (this.edge[entry] === edge && this.tag[entry] === tag && before !== NONE) {',
  },
  {
    name: 'the time that an edge was blocked is counted from its last sender',
    file: 'src/engine/transfers.ts',
    find: 'if (this.waiting[edge]++ > 0) return;\n    this.blockedSince[edge] = sim.now;',
    replace: 'this.blockedSince[edge] = sim.now;\n    if (this.waiting[edge]++ > 0) return;',
  },
  // Figures
  {
    name: 'a histogram counts one bucket too high',
    file: 'src/lib/histogram.ts',
    find: '((high >>> (20 - SUB_SHIFT)) & (SUB_COUNT - 1));',
    replace: '(((high >>> (20 - SUB_SHIFT)) + 1) & (SUB_COUNT - 1));',
  },
  {
    name: 'a quantile takes the rank below',
    file: 'src/lib/histogram.ts',
    find: 'if (seen + inBucket >= rank) {',
    replace: 'if (seen + inBucket >= rank - 1) {',
  },
  {
    name: 'a queue length counts from the wrong time',
    file: 'src/engine/metrics.ts',
    find: '    rows[at + METRIC.queuedAt] = now;\n    rows[at + METRIC.queued] = after;',
    replace: '    rows[at + METRIC.queued] = after;',
  },
  {
    name: 'busy time counts the servers after the change',
    file: 'src/engine/metrics.ts',
    find: 'rows[at + METRIC.busyArea] += before * (now - rows[at + METRIC.busyAt]);',
    replace: 'rows[at + METRIC.busyArea] += (before + change) * (now - rows[at + METRIC.busyAt]);',
  },
  {
    name: 'the warm-up stays in the histograms',
    file: 'src/engine/metrics.ts',
    find: 'index <= this.designHistogram; index++) this.histograms.reset(index);',
    replace: 'index < this.designHistogram; index++) this.histograms.reset(index);',
  },
  {
    name: 'the longest queue is never renewed',
    file: 'src/engine/metrics.ts',
    find: 'if (after > rows[at + METRIC.queuedMax])',
    replace: 'if (after < rows[at + METRIC.queuedMax])',
  },
  // Chance
  {
    name: 'streams do not depend on the node',
    file: 'src/lib/random.ts',
    find: 'mixWords([String(seed), owner, purpose]);',
    replace: 'mixWords([String(seed), purpose]);',
  },
  {
    name: 'the exponential stops at its first layer',
    file: 'src/lib/random.ts',
    find: 'return x < EXPONENTIAL.edge[layer] ? x : this.exponentialRest(stream, layer, x);',
    replace: 'return x;',
  },
  {
    name: 'Erlang draws one phase too few',
    file: 'src/lib/samplers.ts',
    find: 'for (let i = parameters[at + 1]; i > 0; i--) sum',
    replace: 'for (let i = parameters[at + 1]; i > 1; i--) sum',
  },
  {
    name: 'the partition of a key may be negative',
    file: 'src/lib/murmur2.ts',
    find: 'return (hash & 0x7fffffff) % partitions;',
    replace: 'return Math.abs(hash) % partitions;',
  },
  // Producer
  {
    name: 'a burst fault multiplies nothing',
    file: 'src/kinds/producer/behavior.ts',
    find: '(this.curves.factor[node] = args.factor as number)',
    replace: '(this.curves.factor[node] = 1)',
  },
  {
    name: 'one message more than the end allows',
    file: 'src/kinds/producer/behavior.ts',
    find: 'return stopAfter > 0 && reals[row | REAL.made] >= stopAfter;',
    replace: 'return stopAfter > 0 && reals[row | REAL.made] > stopAfter;',
  },
  {
    name: 'a new rate leaves the old event pending',
    file: 'src/kinds/producer/behavior.ts',
    find: 'if (!pending) return;\n    this.withdraw(sim, node);',
    replace: 'if (!pending) return;',
  },
  {
    name: 'the rate of a producer is lost after it was held back',
    file: 'src/kinds/producer/behavior.ts',
    find: 'if (this.sendOn(sim, node)) this.planNext(sim, node, sim.now);',
    replace: 'this.sendOn(sim, node);',
  },
  {
    name: 'a client keeps the memory of an answered batch',
    file: 'src/kinds/producer/kafka-clients.ts',
    find: 'this.available[node] += bytes;',
    replace: '',
  },
  {
    name: 'the log takes a repeated batch of an idempotent producer again',
    file: 'src/kinds/producer/sender.ts',
    find: 'if (wasWritten && settings.isIdempotent) continue;',
    replace: '',
  },
  {
    name: 'an idempotent client repeats batches in any order',
    file: 'src/kinds/producer/kafka-clients.ts',
    find: 'batches.putBack(batch, settings.isIdempotent);',
    replace: 'batches.putBack(batch, false);',
  },
  {
    name: 'one request in flight too many',
    file: 'src/kinds/producer/sender.ts',
    find: 'while (this.inFlight[edge] < maxInFlight',
    replace: 'while (this.inFlight[edge] <= maxInFlight',
  },
  // Queue
  {
    name: 'a queue holds one message too many',
    file: 'src/kinds/queue/behavior.ts',
    find: 'if (capacity > 0 && this.stored(node) >= capacity) {',
    replace: 'if (capacity > 0 && this.stored(node) > capacity) {',
  },
  {
    name: 'a queue forgets an acknowledgement',
    file: 'src/kinds/queue/behavior.ts',
    find: 'this.ints[(node << ROW_SHIFT) | INT.unacknowledged] -= count;',
    replace: 'this.ints[(node << ROW_SHIFT) | INT.unacknowledged] -= count >> 1;',
  },
  {
    name: 'a dropped message leaks its slot',
    file: 'src/kinds/queue/behavior.ts',
    find: 'sim.messages.serial[message], reason, 0);\n    }\n    sim.messages.free(message);',
    replace: 'sim.messages.serial[message], reason, 0);\n    }',
  },
  {
    name: 'a queue tells nobody that it has room',
    file: 'src/kinds/queue/behavior.ts',
    find: '    sim.roomFreed(node);\n    return message;',
    replace: '    return message;',
  },
  {
    name: 'a message too high for its queue is the lowest',
    file: 'src/kinds/queue/lines.ts',
    find: 'isQuorum.has(node) ? QUORUM_USUAL : given, top);',
    replace: 'isQuorum.has(node) ? QUORUM_USUAL : given <= top ? given : 0, top);',
  },
  {
    name: 'what comes back to a quorum queue waits behind the others',
    file: 'src/kinds/queue/lines.ts',
    find: 'if (this.hasReturns.has(node) && this.lists.length(returns) > 0) return returns;',
    replace:
      'if (this.count[node] === this.lists.length(returns) && this.hasReturns.has(node)) return returns;',
  },
  {
    name: 'the timer of a queue rings for the first message alone',
    file: 'src/kinds/queue/expiry.ts',
    find: 'this.ringsAt[node] = Infinity;',
    replace: '',
  },
  {
    name: 'a message goes by the longer of two times to live',
    file: 'src/kinds/queue/expiry.ts',
    find: 'Math.min(own, this.ttl[node])',
    replace: 'Math.max(own, this.ttl[node])',
  },
  {
    name: 'a queue forgets a hungry consumer',
    file: 'src/kinds/queue/behavior.ts',
    find: 'this.hungry[edge] = 1;\n      return NO_MESSAGE;',
    replace: 'return NO_MESSAGE;',
  },
  {
    name: 'what is given back is not announced',
    file: 'src/kinds/queue/behavior.ts',
    find: 'if (capacity > 0) this.pushOut(sim, node, capacity);\n    this.deliverWaiting(sim, node);',
    replace: 'if (capacity > 0) this.pushOut(sim, node, capacity);',
  },
  {
    name: 'a member gets one more than its prefetch',
    file: 'src/kinds/consumer-group/prefetch.ts',
    find: 'if (this.unacknowledged[this.firstRow[edge] + local] >= this.limit[node]) return false;',
    replace: 'if (this.unacknowledged[this.firstRow[edge] + local] > this.limit[node]) return false;',
  },
  {
    name: 'the other consumers of a queue with one do not wait',
    file: 'src/kinds/consumer-group/prefetch.ts',
    find: 'return !this.single.isSingle(edge) || this.single.isActive(edge, local);',
    replace: 'return true;',
  },
  {
    name: 'what is only let go of counts towards the delivery limit',
    file: 'src/kinds/queue/behavior.ts',
    find: ' && way !== GIVEN_BACK.released;',
    replace: ' && way >= GIVEN_BACK.failed;',
  },
  {
    name: 'a confirm is never taken off',
    file: 'src/kinds/producer/publishers.ts',
    find: '      this.outstanding[node]--;\n',
    replace: '',
  },
  {
    name: 'the broker forgets no memory of what expires',
    file: 'src/kinds/queue/behavior.ts',
    find: '      this.weigh(sim, node, head, -1);\n',
    replace: '',
  },

  {
    name: 'a full queue that refuses takes the message for good measure',
    file: 'src/kinds/queue/queue-states.ts',
    find: '  event.FULL_REFUSES,\n  event.FULL_PUSHES_OUT,',
    replace: '  event.FULL_PUSHES_OUT,\n  event.FULL_PUSHES_OUT,',
  },
  {
    name: 'a queue that was full says so for ever',
    file: 'src/kinds/queue/queue-states.ts',
    find: 'this.send(now, node, QUEUE_EVENT.ROOM_AGAIN);',
    replace: '',
  },
  {
    name: 'a queue says that it is open while senders wait',
    file: 'src/kinds/queue/behavior.ts',
    find: ' || sim.transfers.waiters.count[node] > 0) return;',
    replace: ') return;',
  },
  {
    name: 'a dead letter that goes round keeps the room for which it was called',
    file: 'src/kinds/queue/behavior.ts',
    find: '    // It leaves the room for which it may have been called.\n    sim.roomFreed(node);',
    replace: '',
  },
  {
    name: 'a message published anew remembers where it died',
    file: 'src/kinds/shared/deaths.ts',
    find: '    forgetDeaths(messages, message);\n    return false;',
    replace: '    return false;',
  },

  // Topic
  {
    name: 'a commit counts one record too many',
    file: 'src/kinds/topic/readers.ts',
    find: 'this.release(row, partition, count - gone);',
    replace:
      'this.release(row, partition, Math.min(count - gone + 1, this.position[row] - this.committed[row]));',
  },
  {
    name: 'a rewind keeps the position',
    file: 'src/kinds/topic/readers.ts',
    find: 'this.position[row] = this.committed[row];',
    replace: '',
  },
  {
    name: 'a record is freed when the first group has committed it',
    file: 'src/kinds/topic/readers.ts',
    find: 'messages.readers[message] = end - edges.start[node];',
    replace: 'messages.readers[message] = 1;',
  },
  {
    name: 'a new record is announced to nobody',
    file: 'src/kinds/topic/readers.ts',
    find: 'this.sim.announce(edges.edges[place], lane);',
    replace: '',
  },
  {
    name: 'fan-out copies are not counted',
    file: 'src/kinds/topic/behavior.ts',
    find: 'metrics.copied += groups - 1;',
    replace: '',
  },
  {
    name: 'the sticky partition is left after every message',
    file: 'src/kinds/topic/behavior.ts',
    find: 'this.stickyHad[node] >= this.stickyBytes[node]',
    replace: 'this.stickyHad[node] > 0',
  },
  {
    name: 'retention deletes a segment too early',
    file: 'src/kinds/topic/segments.ts',
    find: 'if (now - this.latest[oldest] <= retention && !isTooMuch) break;',
    replace: 'if (now - this.openedAt[oldest] <= retention && !isTooMuch) break;',
  },
  {
    name: 'retention by size counts the segment that it is to delete',
    file: 'src/kinds/topic/segments.ts',
    find: 'const isTooMuch = keep > 0 && rest >= keep;',
    replace: 'const isTooMuch = keep > 0 && size >= keep;',
  },
  // Replicas
  {
    name: 'the high watermark is where the leader ends',
    file: 'src/kinds/shared/replication/followers.ts',
    find: 'if (least <= table.highWatermark[partition]) return;',
    replace: 'least = table.end[partition];\n    if (least <= table.highWatermark[partition]) return;',
  },
  {
    name: 'the last replica that is there leads, in sync or not',
    file: 'src/kinds/shared/replication/replication.ts',
    find: 'const inSync = there.find((replica) => table.inSync[replica] === 1);',
    replace: 'const inSync = there.at(-1);',
  },
  {
    name: 'a reader reads on beyond the high watermark',
    file: 'src/kinds/topic/bounded-readers.ts',
    find: 'return this.position[row] >= this.readable[row] ? NO_MESSAGE : super.take(edge, lane);',
    replace: 'return super.take(edge, lane);',
  },
  {
    name: 'records that an election loses still count as unread',
    file: 'src/kinds/topic/replicated-topics.ts',
    find: 'sim.metrics.queuedBy(topic, -unread);',
    replace: '',
  },
  // Consumer group
  {
    name: 'one try too few',
    file: 'src/kinds/consumer-group/failed-work.ts',
    find: 'if (attempts >= this.maxAttempts[node]) return',
    replace: 'if (attempts + 1 >= this.maxAttempts[node]) return',
  },
  {
    name: 'one try too many',
    file: 'src/kinds/consumer-group/failed-work.ts',
    find: 'if (attempts >= this.maxAttempts[node]) return',
    replace: 'if (attempts > this.maxAttempts[node]) return',
  },
  {
    name: 'the wrong branch: a held retry comes back later',
    file: 'src/kinds/consumer-group/failed-work.ts',
    find: "if (state === RETRY_STATE['backing-off']) {",
    replace: "if (state !== RETRY_STATE['backing-off']) {",
  },
  {
    name: 'a poison message is done like any other',
    file: 'src/kinds/consumer-group/work.ts',
    find: 'if (drawn || (sim.messages.flags[cells[at | WORKER.message]] & MESSAGE_FLAG.poison) !== 0) {',
    replace: 'if (drawn) {',
  },
  {
    name: 'what fails for good is not settled',
    file: 'src/kinds/consumer-group/failed-work.ts',
    find: 'sim.metrics.count(node, METRIC.out);\n    this.release(sim, node, worker);',
    replace: 'sim.metrics.count(node, METRIC.out);\n    this.work.next(sim, node, worker);',
  },
  {
    name: 'an answer to a call of before a crash counts',
    file: 'src/kinds/consumer-group/work.ts',
    find: 'if (cells[at | WORKER.phase] !== PHASE.calling || !workers.isCurrent(worker, tag)) return;',
    replace: 'if (cells[at | WORKER.phase] !== PHASE.calling) return;',
  },
  {
    name: 'a member that crashes goes on with what it has',
    file: 'src/kinds/consumer-group/abandonment.ts',
    find: 'if (phase === PHASE.serving || phase === PHASE.backingOff) sim.cancel(workers.of(worker, WORKER.handle));',
    replace: 'if (phase === PHASE.backingOff) sim.cancel(workers.of(worker, WORKER.handle));',
  },
  {
    name: 'a struck-off member may commit',
    file: 'src/kinds/consumer-group/work.ts',
    find: 'cells[at | WORKER.generation] !== rows.generation[row] ||\n      ((STRUCK_OFF >>>',
    replace: '((STRUCK_OFF >>>',
  },
  {
    name: 'the first back-off has the factor already',
    file: 'src/kinds/consumer-group/backoff.ts',
    find: 'for (let i = 1; i < failures && delay < max; i++) delay *= factor;',
    replace: 'for (let i = 0; i < failures && delay < max; i++) delay *= factor;',
  },
  {
    name: 'jitter only ever shortens',
    file: 'src/kinds/shared/jitter.ts',
    find: '(1 - jitter + 2 * jitter * draw)',
    replace: '(1 - jitter - 2 * jitter * draw)',
  },
  {
    name: 'full jitter leaves the wait as it is',
    file: 'src/kinds/shared/jitter.ts',
    find: 'return delay * draw;',
    replace: 'return delay * (1 + draw);',
  },
  {
    name: 'a fatal failure is tried again',
    file: 'src/kinds/consumer-group/failed-work.ts',
    find: 'if (fatal > 0 && sim.random',
    replace: 'if (fatal > 2 && sim.random',
  },
  {
    name: 'a retry topic lets go before a record is due',
    file: 'src/kinds/consumer-group/retry-stages.ts',
    find: 'return Math.round(this.stages[node][stage].delayMs * MICROS_PER_MS);',
    replace: 'return Math.round((this.stages[node][stage].delayMs * MICROS_PER_MS) / 2);',
  },
  {
    name: 'a redrive keeps the tries of before',
    file: 'src/kinds/dead-letter-queue/behavior.ts',
    find: 'messages.attempts[letter] = 0;',
    replace: 'messages.attempts[letter] = 1;',
  },
  {
    name: 'a redriven letter is no new message in the books',
    file: 'src/kinds/dead-letter-queue/behavior.ts',
    find: 'metrics.copied++;',
    replace: '',
  },
  {
    name: 'the newest letter is forgotten first',
    file: 'src/kinds/dead-letter-queue/behavior.ts',
    find: 'sim.messages.free(this.letters.shift(node));\n      this.rows[row | ROW.forgotten]++;',
    replace:
      'const kept = this.letters.shift(node);\n      sim.messages.free(this.letters.shift(node));\n      this.letters.push(node, kept);\n      this.rows[row | ROW.forgotten]++;',
  },
  {
    name: 'a commit jumps over work in hand',
    file: 'src/kinds/consumer-group/partition-rows.ts',
    find: 'if (sequence !== this.unfinished[row]) {',
    replace: 'if (sequence < this.unfinished[row]) {',
  },
  {
    name: 'partitions of the dead stay with the dead',
    file: 'src/kinds/consumer-group/roster.ts',
    find: 'rows.assign(row, owner);',
    replace: 'if (owner === NONE || before === NONE) rows.assign(row, owner);',
  },
  {
    name: 'a rebalance does not rewind',
    file: 'src/kinds/consumer-group/roster.ts',
    find: 'rows.rewind(sim, row);\n    rows.assign(row, owner);',
    replace: 'rows.assign(row, owner);',
  },
  {
    name: 'a cooperative rebalance takes everything away',
    file: 'src/kinds/consumer-group/classic-protocol.ts',
    find: 'if (!readsOn.has(before)) {',
    replace: 'if (before !== NONE) {',
  },
  {
    name: 'who is at work for too long stays in the group',
    file: 'src/kinds/consumer-group/rebalance.ts',
    find: 'const due = last + (hangs ? longest : patience);',
    replace: 'const due = last + 2 * longest;',
  },
  {
    name: 'range gives the last members one more',
    file: 'src/kinds/shared/range-assignor.ts',
    find: '(place < withOneMore ? 1 : 0)',
    replace: '(place >= readers.length - withOneMore ? 1 : 0)',
  },
  {
    name: 'the thirty-third member never gets a message',
    file: 'src/kinds/consumer-group/workers.ts',
    find: 'word << 5 < count; word++) {',
    replace: 'word < 1; word++) {',
  },
  // Database
  {
    name: 'one connection more than there are',
    file: 'src/kinds/database/behavior.ts',
    find: 'this.busy[node] >= this.connections[node]) return false;',
    replace: 'this.busy[node] > this.connections[node]) return false;',
  },
  {
    name: 'a stopped database lets its calls finish',
    file: 'src/kinds/database/behavior.ts',
    find: 'this.stopped[node] = 1;',
    replace: 'this.stopped[node] = 1;\n    if (args !== undefined) return;',
  },
  {
    name: 'a database that starts again calls nobody',
    file: 'src/kinds/database/behavior.ts',
    find: 'this.stopped[node] = 0;\n    this.letIn(sim, node);',
    replace: 'this.stopped[node] = 0;',
  },
  {
    name: 'an ended call keeps its connection',
    file: 'src/kinds/database/behavior.ts',
    find: 'this.busy[node]--;',
    replace: 'if (succeeded) this.busy[node]--;',
  },
  {
    name: 'a slow fault speeds up',
    file: 'src/kinds/database/behavior.ts',
    find: 'MICROS_PER_MS * (args.factor as number)',
    replace: 'MICROS_PER_MS / (args.factor as number)',
  },
  // External services and managed brokers
  {
    name: 'a service takes one call more than it has places',
    file: 'src/kinds/service/behavior.ts',
    find: 'else if (this.busy[node] < this.concurrency[node]) this.serve(sim, node, call);',
    replace: 'else if (this.busy[node] <= this.concurrency[node]) this.serve(sim, node, call);',
  },
  {
    name: 'a call that waits in a service is forgotten',
    file: 'src/kinds/service/behavior.ts',
    find: '    this.serveLine(sim, node);\n    this.answer(sim, node, call, !failed);',
    replace: '    this.answer(sim, node, call, !failed);',
  },
  {
    name: 'a service that is back leaves its callers hanging',
    file: 'src/kinds/service/behavior.ts',
    find: '      this.failLine(sim, node, hung);\n',
    replace: '      if (hung < 0) this.failLine(sim, node, hung);\n',
  },
  {
    name: 'a managed broker lets a message go with its first delivery',
    file: 'src/kinds/cloud-broker/behavior.ts',
    find: 'if (isTwice || time < Infinity) entries.timer[entry]',
    replace: 'if (isTwice) entries.timer[entry]',
  },
  {
    name: 'an old receipt deletes what another consumer has',
    file: 'src/kinds/cloud-broker/behavior.ts',
    find: 'if (entries.newest[entry] !== receipt) return false;',
    replace: 'if (entries.newest[entry] !== receipt && rule < 0) return false;',
  },
  {
    name: 'a key may be out twice',
    file: 'src/kinds/cloud-broker/ready-lines.ts',
    find: 'const isLocked = this.isKeyed[subscription] === 1 && this.lineOut[line] > 0;',
    replace: 'const isLocked = this.isKeyed[subscription] === 1 && this.lineOut[line] > 1;',
  },
  {
    name: 'a message is received once more than it may be',
    file: 'src/kinds/cloud-broker/behavior.ts',
    find: 'const isOver = limitOnDelivery && entries.deliveries[entry] >= maxDeliveries;',
    replace: 'const isOver = limitOnDelivery && entries.deliveries[entry] > maxDeliveries;',
  },
  {
    name: 'a repetition renews its window',
    file: 'src/kinds/cloud-broker/dedup-window.ts',
    find: 'if (this.times[found] > 0 && now - (this.times[found] - 1) < this.window) return true;',
    replace:
      'if (this.times[found] > 0 && now - (this.times[found] - 1) < this.window) {\n      this.times[found] = now + 1;\n      return true;\n    }',
  },
  {
    name: 'an event router tries once more than its plan says',
    file: 'src/kinds/event-router/behavior.ts',
    find: 'if (retry >= plan.mostRetries) {',
    replace: 'if (retry > plan.mostRetries) {',
  },
  {
    name: 'an event router tries again some microseconds late',
    file: 'src/kinds/event-router/behavior.ts',
    find: 'deliveries.timer[delivery] = sim.after(wait, node, RETRY, delivery);',
    replace: 'deliveries.timer[delivery] = sim.after(wait + delivery, node, RETRY, delivery);',
  },
  {
    name: 'a shard takes a record as long as it has room for a byte',
    file: 'src/kinds/topic/shards.ts',
    find: 'this.bytes[partition] + size > MOST_BYTES',
    replace: 'this.bytes[partition] > MOST_BYTES',
  },
  // Compile and faults
  {
    name: 'the order of the file is the order of the nodes',
    file: 'src/simulation/engine-plan.ts',
    find: 'design.nodes.filter((node) => kindDefinition(node.kind)).sort(byId)',
    replace: 'design.nodes.filter((node) => kindDefinition(node.kind))',
  },
  {
    name: 'of two faults on one thing the first one to end heals both',
    file: 'src/simulation/active-faults.ts',
    find: 'if (sameThing.at(-1) === ended) {',
    replace: 'if (sameThing.length > 0) {',
  },

  // Guards of calls
  {
    name: 'an open breaker lets calls through',
    file: 'src/kinds/shared/call-guard/call-guards.ts',
    find: 'if (!this.breakers.permits(sim, guard)) {',
    replace: 'if (!this.breakers.permits(sim, guard) && this.limiters[guard]) {',
  },
  {
    name: 'a call that timed out stays in line before its target',
    file: 'src/kinds/shared/call-guard/call-guards.ts',
    find: 'sim.cancelWait(this.edges[guard], attempt);',
    replace: '',
  },
  {
    name: 'a call that timed out leaves the bulkhead before its target is done',
    file: 'src/kinds/shared/call-guard/call-guards.ts',
    find: 'else if (phase === CALL_PHASE.calling) this.calls.giveUpTry(call);',
    replace:
      'else if (phase === CALL_PHASE.calling) (this.calls.giveUpTry(call), this.placeFreed(sim, guard));',
  },
  {
    name: 'the rate limiter forgets what was reserved',
    file: 'src/kinds/shared/call-guard/rate-limiters.ts',
    find: 'this.permissions = available - permits;',
    replace: 'this.permissions = Math.max(0, available - permits);',
  },
  {
    name: 'a breaker that changes twice at one instant is seen once',
    file: 'src/kinds/shared/call-guard/guard-breakers.ts',
    find: '    breaker.advance(sim.now);\n    this.note(sim, guard, breaker);\n    breaker.report',
    replace: '    breaker.report',
  },

  // What is said about a run
  {
    name: 'a live edit is not looked at again',
    file: 'src/worker/session-host.ts',
    find: 'this.judgeSoon();',
    replace: '',
  },
  {
    name: 'what was said of an earlier edit is not taken back',
    file: 'src/worker/session-host.ts',
    find: 'if (text === this.postedProblems) return;',
    replace: 'if (problems.length === 0) return;',
  },
  {
    name: 'memory that is not there counts as a fault of the engine',
    file: 'src/lib/columns.ts',
    find: 'if (!(error instanceof RangeError)) throw error;',
    replace: 'throw error;',
  },

  // Delivery guarantees and the verdict on load
  {
    name: 'who commits first commits last',
    file: 'src/kinds/consumer-group/guarantees.ts',
    find: 'return this.of[node] === AT_MOST_ONCE;',
    replace: 'return false;',
  },
  {
    name: 'an idempotent consumer remembers one message more',
    file: 'src/kinds/consumer-group/guarantees.ts',
    find: 'this.memories.get(node)!.age(serial) <= this.dedupWindow[node]',
    replace: 'this.memories.get(node)!.age(serial) <= this.dedupWindow[node] + 1',
  },
  {
    name: 'what is done twice is not noticed',
    file: 'src/kinds/consumer-group/guarantees.ts',
    find: 'this.mishap(sim, node, DUPLICATE, serial, key);',
    replace: '',
  },
  {
    name: 'the order of keys is told by the last message, not the latest',
    file: 'src/kinds/consumer-group/delivery-memory.ts',
    find: 'if (enteredAt < this.times[at]) return true;',
    replace: 'if (enteredAt < this.times[at] && enteredAt >= 0) this.times[at] = enteredAt;',
  },
  // Polls, transactions and compaction
  {
    name: 'a member polls before its batch is done',
    file: 'src/kinds/consumer-group/poll-loop.ts',
    find: 'if (workers.busyOf[member] > 1) return NO_MESSAGE;',
    replace: '',
  },
  {
    name: 'a poll returns one record too many',
    file: 'src/kinds/consumer-group/poll-loop.ts',
    find: 'for (let count = 0; count < most; count++) {',
    replace: 'for (let count = 0; count <= most; count++) {',
  },
  {
    name: 'an aborted transaction counts as committed',
    file: 'src/kinds/topic/gappy-readers.ts',
    find: 'if (offset >= first && of[record] === transaction) marks[record] |= MARK.aborted;',
    replace: '',
  },
  {
    name: 'a transaction of a group takes no offsets with it',
    file: 'src/kinds/consumer-group/group-transactions.ts',
    find: 'for (const row of rowsOf(node)) if (rows.owner[row] === member) rows.settle(sim, row);',
    replace: '',
  },
  {
    name: 'a member reads on after its transaction was aborted',
    file: 'src/kinds/consumer-group/group-transactions.ts',
    find: 'this.onFenced(sim, node, member);',
    replace: '',
  },
  {
    name: 'a group writes outside of its transaction',
    file: 'src/kinds/consumer-group/group-transactions.ts',
    find: 'slot === NONE ? 0 : FIRST_GROUP_TRANSACTION + slot;',
    replace: '0;',
  },
  {
    name: 'consumers of the highest rank are asked last',
    file: 'src/kinds/queue/consumer-ranks.ts',
    find: 'mine.toSorted((a, b) => rankOf[b] - rankOf[a]),',
    replace: 'mine.toSorted((a, b) => rankOf[a] - rankOf[b]),',
  },
  {
    name: 'a reader above its quota is never called again',
    file: 'src/kinds/topic/fetch-quotas.ts',
    find: 'sim.at(until, topic, FETCH_TIMER, row);',
    replace: '',
  },
  {
    name: 'a commit does not cover what was passed over',
    file: 'src/kinds/topic/gappy-readers.ts',
    find: 'if (!isSkipped && left === 0) break;',
    replace: 'if (left === 0) break;',
  },
  {
    name: 'compaction keeps the first record of a key',
    file: 'src/kinds/topic/compaction.ts',
    find: 'const isOld = newest.get(this.key[at])! > offset;',
    replace: 'const isOld = newest.get(this.key[at])! === offset && newest.size > 1;',
  },

  // Faults
  {
    name: 'a cut edge lets its consumers take',
    file: 'src/kinds/shared/links/late-reading.ts',
    find: 'if (this.troubles.isCut(edge) || !this.hasCome(sim, edge, lane, since)) return NO_MESSAGE;',
    replace: 'if (!this.hasCome(sim, edge, lane, since)) return NO_MESSAGE;',
  },
  {
    name: 'a healed network forgets the senders that wait',
    file: 'src/kinds/shared/links/links.ts',
    find: 'if (isBusy || sim.transfers.waiters.count[gate] === 0) return;',
    replace: 'return;',
  },
  {
    name: 'a healed edge stays in trouble for ever',
    file: 'src/kinds/shared/links/link-states.ts',
    find: 'else this.send(now, edge, event.HEALED);',
    replace: '',
  },
  {
    name: 'a Kafka client retries for ever',
    file: 'src/kinds/producer/client-states.ts',
    find: 'if (--this.inTrouble[node] === 0)',
    replace: 'if (--this.inTrouble[node] < 0)',
  },
  {
    name: 'what the network loses is counted nowhere',
    file: 'src/kinds/shared/links/links.ts',
    find: 'sim.metrics.count(from, METRIC.dropped);',
    replace: '',
  },
  {
    name: 'a member that hangs is never missed',
    file: 'src/kinds/consumer-group/rebalance.ts',
    find: 'if (!AT_WORK.includes(state) && !hangs) continue;',
    replace: 'if (!AT_WORK.includes(state)) continue;',
  },
  {
    name: 'a member that is struck off goes on committing',
    file: 'src/kinds/consumer-group/work.ts',
    find: "(1 << MEMBER.expelled) | (1 << MEMBER['struck-off'])",
    replace: '0',
  },
  {
    name: 'a group never deals out the partitions that were added',
    file: 'src/kinds/consumer-group/classic-protocol.ts',
    find: 'if (this.roster.membership.coordinatorOf[node] !== COORDINATOR.stable) return;',
    replace: 'return;',
  },
  {
    name: 'a client writes to partitions that are not there yet',
    file: 'src/kinds/producer/partitioner.ts',
    find: 'const lanes = this.lanes[edge];',
    replace: 'const lanes = this.rows.end[edge] - first;',
  },
  {
    name: 'a group begins an added partition at its start by latest',
    file: 'src/kinds/topic/offset-resets.ts',
    find: 'if (how === OFFSET_RESET.latest) return Math.max(position, end);',
    replace: '',
  },
  {
    name: 'who pauses its partitions does not poll',
    file: 'src/kinds/consumer-group/rebalance.ts',
    find: '} else if (roster.pauses(node) && !hangs) {',
    replace: '} else if (hangs && !hangs) {',
  },
  {
    name: 'a slow member is as fast as the others',
    file: 'src/kinds/consumer-group/service-speeds.ts',
    find: 'return Math.round(time * this.slowness[member]);',
    replace: 'return Math.round(time);',
  },
];
