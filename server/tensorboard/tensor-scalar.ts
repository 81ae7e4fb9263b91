/** The one number that a TensorProto of one element holds, of any float or integer type. Pure. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What is read of a number's bytes, by TensorFlow's number of the type. */
const CONTENT: Readonly<Record<number, { bytes: number; read: (view: DataView) => number }>> = {
  1: { bytes: 4, read: (view) => view.getFloat32(0, true) },
  2: { bytes: 8, read: (view) => view.getFloat64(0, true) },
  3: { bytes: 4, read: (view) => view.getInt32(0, true) },
  4: { bytes: 1, read: (view) => view.getUint8(0) },
  5: { bytes: 2, read: (view) => view.getInt16(0, true) },
  6: { bytes: 1, read: (view) => view.getInt8(0) },
  9: { bytes: 8, read: (view) => Number(view.getBigInt64(0, true)) },
  10: { bytes: 1, read: (view) => view.getUint8(0) },
  14: { bytes: 2, read: (view) => bfloat16(view.getUint16(0, true)) },
  17: { bytes: 2, read: (view) => view.getUint16(0, true) },
  19: { bytes: 2, read: (view) => half(view.getUint16(0, true)) },
  22: { bytes: 4, read: (view) => view.getUint32(0, true) },
  23: { bytes: 8, read: (view) => Number(view.getBigUint64(0, true)) },
};
const HALF = 19;
const BFLOAT16 = 14;

/** Null: it has no element or several, or they are no numbers. @throws where the bytes are no such message. */
export function tensorScalar(bytes: Uint8Array): number | null {
  const reader = new BinaryReader(bytes);
  let dtype = 0;
  let elements = 1;
  let content: Uint8Array | null = null;
  const values: number[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    /** Repeated numbers come packed, or one by one. */
    const each = (read: () => number): void => {
      const end = type === WireType.LengthDelimited ? reader.uint32() + reader.pos : reader.pos + 1;
      while (reader.pos < end) values.push(read());
    };
    switch (field) {
      case 1:
        dtype = reader.int32();
        break;
      case 2:
        elements = elementsOf(reader.bytes());
        break;
      case 4:
        content = reader.bytes();
        break;
      case 5:
        each(() => reader.float());
        break;
      case 6:
        each(() => reader.double());
        break;
      case 7: // every integer of up to 32 bits
      case 11: // bool
      case 13: // the bits of 16-bit floats
        each(() => reader.int32());
        break;
      case 10:
        each(() => Number(reader.int64()));
        break;
      case 16:
        each(() => reader.uint32());
        break;
      case 17:
        each(() => Number(reader.uint64()));
        break;
      default:
        reader.skip(type, field);
    }
  }
  const format = CONTENT[dtype];
  if (elements !== 1 || format === undefined) return null;
  if (content !== null && content.length > 0)
    return content.length === format.bytes
      ? format.read(new DataView(content.buffer, content.byteOffset, content.length))
      : null;
  // A trailing zero, and so a single one, may be left out.
  const value = values[0] ?? 0;
  if (values.length > 1) return null;
  return dtype === HALF ? half(value) : dtype === BFLOAT16 ? bfloat16(value) : value;
}

/** Of a TensorShapeProto. */
function elementsOf(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  let elements = 1;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field !== 2) {
      reader.skip(type, field);
      continue;
    }
    const dimension = new BinaryReader(reader.bytes());
    let size = 0;
    while (dimension.pos < dimension.len) {
      const [inner, innerType] = dimension.tag();
      if (inner === 1) size = Number(dimension.int64());
      else dimension.skip(innerType, inner);
    }
    elements *= size;
  }
  return elements;
}

/** The upper half of a float32. */
function bfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, (bits & 0xffff) * 0x10000);
  return view.getFloat32(0);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
