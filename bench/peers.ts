import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Timing } from './measure-run.ts';

/** Another way to run the same models; `messages` is how many it gets through in half a second or more. */
export interface Peer {
  name: string;
  models: readonly string[];
  messages: number;
  run(model: string, messages: number): Timing;
}

/** Those that this machine has, and a sentence for each that it has not. */
export function findPeers(root: string): { peers: Peer[]; missing: string[] } {
  const peers: Peer[] = [];
  const missing: string[] = [];
  const add = (found: Peer | string) =>
    void (typeof found === 'string' ? missing.push(found) : peers.push(found));
  add(limitInCpp(root));
  add(limitInJs(root));
  add(simpy(root));
  add(simjs(root));
  return { peers, missing };
}

function limitInCpp(root: string): Peer | string {
  const program = join(mkdtempSync(join(tmpdir(), 'spillway-bench-')), 'limit');
  const flags = ['-O3', '-march=native', '-std=c++20'];
  const compiled = spawnSync('g++', [...flags, join(root, 'bench/limit.cpp'), '-o', program]);
  if (compiled.error || compiled.status !== 0)
    return 'C++: g++ is not there, so there is no limit to compare with.';
  return {
    name: 'C++',
    models: ['mm1', 'mm4', 'tandem', 'pipe'],
    messages: 10_000_000,
    run: (model, messages) => timing(program, [model, String(messages)]),
  };
}

/** Always there: the same by hand in the language that Spillway is written in. */
function limitInJs(root: string): Peer {
  return {
    name: 'JS by hand',
    models: ['mm1', 'mm4', 'tandem', 'pipe'],
    messages: 10_000_000,
    run: (model, messages) =>
      timing(process.execPath, [join(root, 'bench/limit.mjs'), model, String(messages)]),
  };
}

function simpy(root: string): Peer | string {
  const python = process.env.PYTHON ?? 'python3';
  const found = spawnSync(python, ['-c', 'import simpy']);
  if (found.status !== 0)
    return 'SimPy: not installed (pip install simpy; PYTHON names another interpreter).';
  return {
    name: 'SimPy',
    models: ['mm1', 'mm4', 'tandem'],
    messages: 60_000,
    run: (model, messages) => timing(python, [join(root, 'bench/simpy_peer.py'), model, String(messages)]),
  };
}

function simjs(root: string): Peer | string {
  const folder = process.env.SIMJS ?? root;
  try {
    createRequire(join(folder, 'x.cjs')).resolve('simjs');
  } catch {
    return 'simjs: not installed (npm install simjs in any folder; SIMJS names the folder).';
  }
  const script = join(root, 'bench/simjs_peer.cjs');
  return {
    name: 'simjs',
    models: ['mm1', 'mm4', 'tandem'],
    messages: 600_000,
    run: (model, messages) => timing(process.execPath, [script, folder, model, String(messages)]),
  };
}

function timing(program: string, words: string[]): Timing {
  return JSON.parse(execFileSync(program, words, { encoding: 'utf8' })) as Timing;
}
