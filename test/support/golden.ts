/** Reads what the original script computed: test/fixtures/golden, see ORIGIN.md there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const folder = new URL('../fixtures/golden/', import.meta.url);

export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as T;
}

/** sha256, hex, over the raw bytes. */
export function sha256(values: Float32Array | Int32Array | Uint32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}
