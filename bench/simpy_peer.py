"""The models of bench/models.ts in SimPy, as its own documentation would write them. Prints one line of JSON."""

import json
import random
import sys
import time

import simpy

MODELS = {"mm1": (1, 1, 0.8), "mm4": (1, 4, 3.2), "tandem": (3, 1, 0.8)}


def main(model, messages):
    count, servers, service = MODELS[model]
    env = simpy.Environment()
    draw = random.Random(1).expovariate
    stations = [simpy.Resource(env, servers) for _ in range(count)]
    total = 0.0

    def message():
        nonlocal total
        born = env.now
        for station in stations:
            with station.request() as turn:
                yield turn
                yield env.timeout(draw(1 / service))
        total += env.now - born

    def source():
        for _ in range(messages):
            yield env.timeout(draw(1))
            env.process(message())

    env.process(source())
    started = time.perf_counter()
    env.run()
    seconds = time.perf_counter() - started
    # Counted as the others count: arrivals and completions. SimPy needs several events of its own for each.
    print(json.dumps({"events": messages * (count + 1), "seconds": seconds, "mean": total / messages}))


main(sys.argv[1], int(sys.argv[2]))
