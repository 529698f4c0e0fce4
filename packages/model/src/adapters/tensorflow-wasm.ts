import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { Adapter } from '../port.ts';
import { openNet, trainNet, type TensorFlow } from './layers-net.ts';

const tensorflow: TensorFlow = { core, layers };
let ready: Promise<void> | undefined;

/** The default: faster than the native build for small batches, and nothing to compile. The .wasm file comes from the package. */
export async function wasmAdapter(): Promise<Adapter> {
  ready ??= start();
  await ready;
  return { name: 'wasm', open: openNet(tensorflow), train: trainNet(tensorflow) };
}

async function start(): Promise<void> {
  setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  setThreadsCount(1);
  core.env().set('PROD', true);
  await core.setBackend('wasm');
  await core.ready();
}
