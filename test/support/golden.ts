/** Reads what the original script computed: test/fixtures/golden and golden64, see ORIGIN.md there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** From the checkout's folder, where tests and the compiled commands alike are started. */
const folder = join(process.cwd(), 'test/fixtures');

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, 'golden', `${name}.json`), 'utf8')) as T;
}

/** Of float64 training. */
export function goldenTruth<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, 'golden64', `${name}.json`), 'utf8')) as T;
}

/** sha256, hex, over the raw bytes. */
export function sha256(values: Float32Array | Int32Array | Uint32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}
