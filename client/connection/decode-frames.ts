/** Undoes the base64 in which frames travel. */
import { framesFromBytes } from '../../shared/frames.js';

/** The (rows, columns) matrix in `data`, row-major; NaN = no value. */
export function decodeFrames(data: string): Float32Array {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return framesFromBytes(bytes);
}
