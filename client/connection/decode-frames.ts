/** Undoes the base64 in which frames travel. */
import { type Dtype, valuesOf } from '../../shared/frames.js';
import type { FramesText } from '../../shared/protocol.js';
import type { FrameRows } from '../state/run-columns.js';

/**
 * Steps and values, NaN = no value. A value that was logged as NaN is drawn as none, and nothing shows times yet: both
 * are left where they are.
 */
export function decodeFrames({ steps, data }: Pick<FramesText, 'steps' | 'data'>, dtype: Dtype): FrameRows {
  return { steps: valuesOf(bytesOfText(steps), 'f64'), values: valuesOf(bytesOfText(data), dtype) };
}

function bytesOfText(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}
