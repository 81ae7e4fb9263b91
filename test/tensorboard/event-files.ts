/** Writes event files as TensorFlow does, with real checksums: the other half of the reader, by the test's own hand. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** CRC-32C bit by bit, as its definition has it (reflected polynomial 0x82F63B78). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function record(data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(data.length + 16);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(masked(bytes.subarray(0, 8)), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(masked(data), data.length + 12);
  return bytes;
}

export interface TestEvent {
  wallTime?: number;
  step?: number;
  fileVersion?: string;
  scalars?: Record<string, number>;
  /** Whole Summary.Value messages. */
  values?: Uint8Array[];
}

export const WALL_TIME = 1_700_000_000;

export function event({ wallTime = WALL_TIME, step = 0, fileVersion, scalars = {}, values = [] }: TestEvent): Buffer {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Bit64).double(wallTime);
  if (step !== 0) writer.tag(2, WireType.Varint).int64(step);
  if (fileVersion !== undefined) writer.tag(3, WireType.LengthDelimited).string(fileVersion);
  const all = [...Object.entries(scalars).map(([tag, value]) => simpleValue(tag, value)), ...values];
  if (all.length > 0) {
    writer.tag(5, WireType.LengthDelimited).fork();
    for (const value of all) writer.tag(1, WireType.LengthDelimited).bytes(value);
    writer.join();
  }
  return record(writer.finish());
}

function simpleValue(tag: string, value: number): Uint8Array {
  return new BinaryWriter().tag(1, WireType.LengthDelimited).string(tag).tag(2, WireType.Bit32).float(value).finish();
}

/** @param tensor a whole TensorProto */
export function tensorValue(tag: string, tensor: Uint8Array, plugin?: string, content?: Uint8Array): Uint8Array {
  const writer = new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(tag)
    .tag(8, WireType.LengthDelimited)
    .bytes(tensor);
  if (plugin !== undefined) {
    writer
      .tag(9, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(plugin);
    if (content !== undefined) writer.tag(2, WireType.LengthDelimited).bytes(content);
    writer.join().join();
  }
  return writer.finish();
}

/** HParamsPluginData with a session's start, and with its end where one is given: 1 success, 2 failure. */
export function hparamsValues(config: Record<string, number | string | boolean>, end?: number): Uint8Array[] {
  const start = new BinaryWriter().tag(3, WireType.LengthDelimited).fork();
  for (const [name, value] of Object.entries(config)) {
    start
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.LengthDelimited)
      .string(name)
      .tag(2, WireType.LengthDelimited)
      .fork();
    if (typeof value === 'number') start.tag(2, WireType.Bit64).double(value);
    else if (typeof value === 'string') start.tag(3, WireType.LengthDelimited).string(value);
    else start.tag(4, WireType.Varint).bool(value);
    start.join().join();
  }
  start.join();
  const nothing = new Uint8Array(0);
  return [
    tensorValue('_hparams_/session_start_info', nothing, 'hparams', start.finish()),
    ...(end === undefined
      ? []
      : [
          tensorValue(
            '_hparams_/session_end_info',
            nothing,
            'hparams',
            new BinaryWriter()
              .tag(4, WireType.LengthDelimited)
              .fork()
              .tag(1, WireType.Varint)
              .int32(end)
              .join()
              .finish(),
          ),
        ]),
  ];
}

/** A file's first event. */
export function fileHead(wallTime = WALL_TIME): Buffer {
  return event({ wallTime, fileVersion: 'brain.Event:2' });
}
