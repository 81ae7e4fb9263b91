/**
 * TFRecord framing: is told bytes as they come and answers the records in them. What is cut off at the end is waited
 * for; what is damaged is passed over and counted. Pure.
 *
 * A record is its length (uint64, little-endian), the masked CRC-32C of these 8 bytes, the data, and that of the data.
 */
import { crc32c } from '@aws-crypto/crc32c';

const LENGTH_BYTES = 8;
const HEADER_BYTES = LENGTH_BYTES + 4;
const FOOTER_BYTES = 4;

/** Checksums of data that holds checksums are weak, so that TensorFlow rotates and shifts those that it stores. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export class RecordReader {
  /** Records, or stretches of bytes in which no record begins, that were passed over. */
  damaged = 0;
  #pending: Uint8Array = new Uint8Array(0);
  /** What came while the record at the beginning of `#pending` lacks more than that: joined once, when it is enough. */
  #more: Uint8Array[] = [];
  #moreBytes = 0;
  #neededBytes = HEADER_BYTES;
  /** Whether the next header is looked for, byte by byte; the damage is counted already. */
  #isSearching = false;

  /** Bytes that wait for the rest of their record. */
  get waiting(): number {
    return this.#pending.length + this.#moreBytes;
  }

  /** Answers the data of the records that are whole now. Each is a view of bytes that are not written again. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#more.push(bytes);
    this.#moreBytes += bytes.length;
    if (this.waiting < this.#neededBytes) return [];
    this.#pending = joined([this.#pending, ...this.#more]);
    this.#more = [];
    this.#moreBytes = 0;
    const records: Uint8Array[] = [];
    let offset = 0;
    for (;;) {
      const held = this.#pending.length - offset;
      this.#neededBytes = HEADER_BYTES;
      if (held < HEADER_BYTES) break;
      const length = lengthAt(this.#pending, offset);
      if (length === null) {
        if (!this.#isSearching) this.damaged += 1;
        this.#isSearching = true;
        offset += 1;
        continue;
      }
      const bytesOfAll = HEADER_BYTES + length + FOOTER_BYTES;
      this.#neededBytes = bytesOfAll;
      if (held < bytesOfAll) break;
      const data = this.#pending.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length);
      const after = offset + bytesOfAll;
      if (uint32At(this.#pending, after - FOOTER_BYTES) === maskedCrc(data)) {
        records.push(data);
        offset = after;
      } else {
        this.damaged += 1;
        // Where bytes were lost, its length leads into the record after it, and that one is found by searching.
        const leadsOn = this.#pending.length - after < HEADER_BYTES || lengthAt(this.#pending, after) !== null;
        offset = leadsOn ? after : offset + 1;
        this.#isSearching = !leadsOn;
        continue;
      }
      this.#isSearching = false;
    }
    this.#pending = this.#pending.slice(offset);
    return records;
  }
}

/** That of the record whose header is there; null: no header is. */
function lengthAt(bytes: Uint8Array, offset: number): number | null {
  // No record has 4 GB. It is most of what a search meets, and costs no checksum.
  if (uint32At(bytes, offset + 4) !== 0) return null;
  const length = bytes.subarray(offset, offset + LENGTH_BYTES);
  return uint32At(bytes, offset + LENGTH_BYTES) === maskedCrc(length) ? uint32At(bytes, offset) : null;
}

function uint32At(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
