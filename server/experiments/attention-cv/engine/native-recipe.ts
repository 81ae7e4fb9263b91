/**
 * What `npm run setup:native` is made of, as plain values: which wheel holds libtensorflow for this machine, what must be
 * there before it is fetched, and where its parts go. tfjs-node's own download is an old library from a host that many
 * firewalls block; a recent one comes inside TensorFlow's Python wheels.
 */

export const NODE_PACKAGE = '@tensorflow/tfjs-node-gpu';
export const NODE_PACKAGE_VERSION = '4.22.0';
const TENSORFLOW_VERSION = '2.21.0';

/** The libraries in a wheel's `tensorflow/`, and the names that the linker looks for. */
export const LIBRARIES = [
  { file: 'libtensorflow_cc.so.2', link: 'libtensorflow.so' },
  { file: 'libtensorflow_framework.so.2', link: 'libtensorflow_framework.so' },
] as const;

const GB = 1e9;
/** What is kept: libraries and binding; at the height of it the wheel and 13,000 headers lie beside them. */
const PEAK_BYTES = { cpu: 1.8 * GB, cuda: 5 * GB };

export interface Wheel {
  project: 'tensorflow-cpu' | 'tensorflow';
  version: string;
  /** How pip is asked for the same file whatever Python it runs on: the libraries in it do not care. */
  pipTags: string[];
  peakBytes: number;
}

/** @returns null where no such wheel is made: Linux on x86-64 and arm64 alone hold these libraries. */
export function wheelFor(platform: string, arch: string, gpu: boolean): Wheel | null {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch];
  if (platform !== 'linux' || machine === undefined) return null;
  const tags = { platform: `manylinux_2_27_${machine}`, 'python-version': '3.11', implementation: 'cp', abi: 'cp311' };
  return {
    project: gpu ? 'tensorflow' : 'tensorflow-cpu',
    version: TENSORFLOW_VERSION,
    pipTags: ['--only-binary=:all:', ...Object.entries(tags).flatMap(([name, value]) => [`--${name}`, value])],
    peakBytes: gpu ? PEAK_BYTES.cuda : PEAK_BYTES.cpu,
  };
}

/** What was found on the machine. */
export interface Findings {
  python: boolean;
  pip: boolean;
  compiler: boolean;
  make: boolean;
  freeBytes: number;
}

/** What is missing, each with what would bring it; empty: the set-up can begin. */
export function missing(findings: Findings, wheel: Wheel, wheelIsGiven: boolean): string[] {
  const lacks: string[] = [];
  if (!findings.python)
    lacks.push('python3: it unpacks the wheel, and node-gyp needs it (Debian: apt install python3)');
  else if (!findings.pip && !wheelIsGiven)
    lacks.push('pip for python3: it fetches the wheel (Debian: apt install python3-pip), or give a file with --wheel');
  if (!findings.compiler) lacks.push('a C++ compiler: g++, c++ or $CXX (Debian: apt install g++)');
  if (!findings.make) lacks.push('make (Debian: apt install make)');
  if (findings.freeBytes < wheel.peakBytes)
    lacks.push(
      `room: ${gigabytes(wheel.peakBytes)} on the disk of node_modules, which has ${gigabytes(findings.freeBytes)} left`,
    );
  return lacks;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(1)} GB`;
}
