/** The engines that a trainer can run on: which can be loaded here, and if not, why and how to get it. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as TensorFlow from '@tensorflow/tfjs-core';
import { kernelsName, loadKernels, type Region } from '../kernels/kernels.js';
import { firstLineOf } from '../../../message-of.js';
import { packageVersion } from '../../../version.js';
import {
  ENGINE_NAMES,
  type EngineInfo,
  type EngineName,
  type OpsChoice,
  type OpsName,
} from '../../../../shared/engine.js';

export interface EngineProbe {
  name: EngineName;
  available: boolean;
  version?: string;
  threads?: number;
  /** What `--ops auto` takes on it. */
  ops?: OpsName;
  /** Which build of the kernels it computes with. */
  kernels?: string;
  /** Why it is not available, and what would change that. */
  reason?: string;
  how?: string;
}

/** What would make an engine available: "it …". */
export const HOW: Record<EngineName, string> = {
  gpu: 'needs an NVIDIA GPU with CUDA and a libtensorflow for it; in a checkout, npm run setup:native -- --gpu fetches that',
  native:
    'needs @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node with its libtensorflow; in a checkout, npm run setup:native builds it',
  wasm: 'reinstall the packages: npm ci',
  cpu: 'reinstall the packages: npm ci',
};

/** `auto` takes the first of these that works. For `native`, a library that loads for a second has to be asked for. */
export const AUTO_ORDER: readonly EngineName[] = ['gpu', 'wasm', 'native', 'cpu'];

/** What an NVIDIA driver shows on Linux: of a card, to a guest of Windows, of a Jetson. */
const GPU_DEVICES = ['/dev/nvidiactl', '/dev/dxg', '/dev/nvmap'];

/** What libtensorflow reads from the environment when it is loaded. */
const TENSORFLOW_SETTINGS = {
  // One thread each: there are as many trainers as the cores should carry.
  TF_NUM_INTRAOP_THREADS: '1',
  OMP_NUM_THREADS: '1',
  // Eigen's own products: those of oneDNN for AVX2 write over the heap when a signal, as of Ctrl-C, is handled meanwhile.
  TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL: '0',
  // On a GPU: the same bits every time, whole float32 products, and memory left for the other trainers.
  TF_DETERMINISTIC_OPS: '1',
  NVIDIA_TF32_OVERRIDE: '0',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
};

/** Longest wait for one engine's first product, in a process of its own. */
const PROBE_TIMEOUT_MS = 30_000;

/** The parts of tfjs-node's backend that are asked for. */
interface NativeBackend extends TensorFlow.KernelBackend {
  isUsingGpuDevice?: boolean;
}

/**
 * Makes `name` what this process trains on: TensorFlow.js's backend, or the kernels alone, which need none of it.
 * @param ops `auto`: tensors on a GPU, where every copy to the kernels' memory would cost more than it saves.
 * @throws with the reason when it cannot run here.
 */
export async function openEngine(name: EngineName, choice: OpsChoice = 'auto'): Promise<EngineInfo> {
  const ops = choice === 'auto' ? (name === 'gpu' ? 'tensor' : 'kernels') : choice;
  if (name === 'wasm' && ops === 'kernels') {
    verifyKernels();
    return { name, ops, version: packageVersion(), threads: 1, kernels: kernelsName() };
  }
  // Looked for first: where it is missing, `auto` goes on to the next engine without TensorFlow.js.
  const native = name === 'gpu' || name === 'native' ? nativePackage() : null;
  if (name === 'gpu' && process.platform === 'linux' && !GPU_DEVICES.some((device) => existsSync(device))) {
    throw new Error(`this machine shows no NVIDIA GPU (${GPU_DEVICES.join(', ')})`);
  }
  const tf = await import('@tensorflow/tfjs-core');
  tf.enableProdMode();
  switch (name) {
    case 'gpu':
    case 'native':
      Object.assign(process.env, TENSORFLOW_SETTINGS);
      // The same library sees a GPU or not; `native` is the CPU also where there is one.
      if (name === 'native') process.env['CUDA_VISIBLE_DEVICES'] = '-1';
      restoreUtil();
      await import(native!);
      await select(tf, 'tensorflow');
      if (name === 'gpu' && (tf.backend() as NativeBackend).isUsingGpuDevice !== true) {
        throw new Error('libtensorflow sees no GPU');
      }
      break;
    case 'wasm':
      await import('@tensorflow/tfjs-backend-wasm');
      await select(tf, 'wasm');
      break;
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await select(tf, 'cpu');
      break;
  }
  verifyProduct(tf);
  return { name, ops, version: tf.version_core, threads: 1, kernels: kernelsName() };
}

/** `auto`. @throws with every engine's reason when none works. */
export async function openFirstEngine(ops: OpsChoice = 'auto'): Promise<EngineInfo> {
  const reasons: string[] = [];
  for (const name of AUTO_ORDER) {
    try {
      return await openEngine(name, ops);
    } catch (error) {
      reasons.push(`${name}: ${firstLineOf(error)}`);
    }
  }
  throw new Error(`no engine can run here: ${reasons.join('; ')}`);
}

/** The name of TensorFlow.js's package for Node. @throws where there is none. */
function nativePackage(): string {
  const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];
  const installed = packages.find(isInstalled);
  if (installed === undefined) throw new Error(`neither ${packages.join(' nor ')} is installed`);
  return installed;
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** tfjs-node 4.22 calls two functions of `util` that Node 23 removed. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

async function select(tf: typeof TensorFlow, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start its backend ${backend}`);
}

/** A loaded library is not yet a working one: one product must be right. */
function verifyProduct(tf: typeof TensorFlow): void {
  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync(),
  );
  expectProduct(product, '19,22,43,50');
}

function verifyKernels(): void {
  const { kernels, regions } = loadKernels((arena) => [arena.takeFloats(4), arena.takeFloats(4), arena.takeFloats(4)]);
  const [a, b, c] = regions as [Region, Region, Region];
  a.floats(kernels).set([1, 2, 3, 4]);
  b.floats(kernels).set([5, 6, 7, 8]);
  kernels.multiply(1, 4, 1, a.pointer, 1, 1, b.pointer, 4, c.pointer, 4, false);
  expectProduct(c.floats(kernels), '5,6,7,8');
}

function expectProduct(product: ArrayLike<number>, expected: string): void {
  const came = Array.from(product).join();
  if (came !== expected) throw new Error(`a first product came out wrong: ${came}`);
}

/** Tries every engine; a native crash is contained. */
export function probeEngines(): Promise<EngineProbe[]> {
  return Promise.all(ENGINE_NAMES.map(probeEngine));
}

/** Tries one engine in a process of its own. */
export function probeEngine(name: EngineName): Promise<EngineProbe> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./probe-main.js', import.meta.url)), [name], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: PROBE_TIMEOUT_MS,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
    const unavailable = (reason: string): EngineProbe => ({ name, available: false, reason, how: HOW[name] });
    let lastWords = '';
    let answer: EngineProbe | undefined;
    child.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-2000)));
    child.on('message', (message: { engine: EngineInfo } | { reason: string }) => {
      answer = 'engine' in message ? { available: true, ...message.engine } : unavailable(message.reason);
    });
    child.on('error', (error) => (answer ??= unavailable(error.message)));
    child.on('close', (code, signal) => {
      const end = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      resolve(answer ?? unavailable(`its process ${end}: ${lastWords.trim() || 'it said nothing'}`));
    });
  });
}
