/** A block of frames as it travels to viewers. */
import { type FrameBlock, framesToBytes } from '../../shared/frames.js';
import type { FramesMessage } from '../../shared/protocol.js';

export function encodeFrames({ runId, fromSeq, rows, values }: FrameBlock): FramesMessage {
  const { buffer, byteOffset, byteLength } = framesToBytes(values);
  return { runId, fromSeq, rows, data: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}
