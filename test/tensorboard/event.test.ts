/** TensorBoard's messages: scalars of every type, hparams, and what is none of them. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../server/tensorboard/event.js';
import { RecordReader } from '../../server/tensorboard/record-reader.js';
import { event, fileHead, hparamsValues, type TestEvent, tensorValue } from './event-files.js';

function read(given: TestEvent) {
  return readEvent(new RecordReader().push(event(given))[0]!);
}

it('reads what a file says of itself, times, steps and simple values', () => {
  expect(readEvent(new RecordReader().push(fileHead(12.5))[0]!)).toEqual({
    wallTime: 12.5,
    step: 0,
    fileVersion: 'brain.Event:2',
    values: [],
  });
  expect(read({ wallTime: 3.25, step: 2 ** 40, scalars: { loss: 0.5, 'acc/val': NaN } })).toEqual({
    wallTime: 3.25,
    step: 2 ** 40,
    values: [
      { tag: 'loss', scalar: 0.5 },
      { tag: 'acc/val', scalar: NaN },
    ],
  });
  expect(read({ step: -3, scalars: { zero: 0 } })).toMatchObject({ step: -3, values: [{ scalar: 0 }] });
});

const content = (bytes: number[]) => ({ field: 4, bytes: Uint8Array.from(bytes) });
const f64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

describe('tensors of one element', () => {
  const CASES: [name: string, dtype: number, value: { field: number; bytes: Uint8Array }, expected: number][] = [
    ['float', 1, content([0, 0, 0xc0, 0x3f]), 1.5],
    ['double', 2, content(f64(Math.PI)), Math.PI],
    ['int32', 3, content([0xfe, 0xff, 0xff, 0xff]), -2],
    ['uint8', 4, content([200]), 200],
    ['int16', 5, content([0xff, 0xff]), -1],
    ['int8', 6, content([0x80]), -128],
    ['int64', 9, content([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), -1],
    ['bool', 10, content([1]), 1],
    ['bfloat16', 14, content([0xc0, 0x3f]), 1.5],
    ['uint16', 17, content([0xff, 0xff]), 65_535],
    ['half', 19, content([0x00, 0x3e]), 1.5],
    ['the smallest half', 19, content([0x01, 0x00]), 2 ** -24],
    ['an infinite half', 19, content([0x00, 0xfc]), -Infinity],
    ['uint32', 22, content([0xff, 0xff, 0xff, 0xff]), 2 ** 32 - 1],
    ['uint64', 23, content([0, 0, 0, 0, 0, 0, 0, 0x80]), 2 ** 63],
    ['float_val', 1, { field: 5, bytes: Uint8Array.from([0, 0, 0xc0, 0x3f]) }, 1.5],
    ['double_val', 2, { field: 6, bytes: Uint8Array.from(f64(-0.1)) }, -0.1],
    ['int_val', 3, { field: 7, bytes: new BinaryWriter().int32(-7).finish() }, -7],
    ['half_val', 19, { field: 13, bytes: new BinaryWriter().int32(0x3e00).finish() }, 1.5],
    ['bfloat16 in half_val', 14, { field: 13, bytes: new BinaryWriter().int32(0xbfc0).finish() }, -1.5],
    ['int64_val', 9, { field: 10, bytes: new BinaryWriter().int64(-9).finish() }, -9],
    ['bool_val', 10, { field: 11, bytes: new BinaryWriter().bool(true).finish() }, 1],
    ['uint32_val', 22, { field: 16, bytes: new BinaryWriter().uint32(9).finish() }, 9],
    ['uint64_val', 23, { field: 17, bytes: new BinaryWriter().uint64(9).finish() }, 9],
  ];
  it.each(CASES)('%s', (_name, dtype, { field, bytes }, expected) => {
    const tensor = new BinaryWriter()
      .tag(1, WireType.Varint)
      .int32(dtype)
      .tag(2, WireType.LengthDelimited)
      .bytes(new Uint8Array(0));
    tensor.tag(field, WireType.LengthDelimited).bytes(bytes);
    const { values } = read({ values: [tensorValue('x', tensor.finish(), 'scalars')] });
    expect(values).toEqual([{ tag: 'x', plugin: 'scalars', scalar: expected }]);
  });

  it('a number that is not packed, and a shape of ones', () => {
    const shape = new BinaryWriter()
      .tag(2, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Varint)
      .int64(1)
      .join()
      .finish();
    const tensor = new BinaryWriter()
      .tag(1, WireType.Varint)
      .int32(1)
      .tag(2, WireType.LengthDelimited)
      .bytes(shape)
      .tag(5, WireType.Bit32)
      .float(2.5)
      .finish();
    expect(read({ values: [tensorValue('x', tensor)] }).values).toEqual([{ tag: 'x', scalar: 2.5 }]);
  });

  it('several elements, and texts, are no scalar', () => {
    const shape = new BinaryWriter()
      .tag(2, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Varint)
      .int64(2)
      .join()
      .finish();
    const two = new BinaryWriter()
      .tag(1, WireType.Varint)
      .int32(1)
      .tag(2, WireType.LengthDelimited)
      .bytes(shape)
      .tag(5, WireType.LengthDelimited)
      .bytes(new Uint8Array(8))
      .finish();
    const text = new BinaryWriter()
      .tag(1, WireType.Varint)
      .int32(7)
      .tag(8, WireType.LengthDelimited)
      .string('a text')
      .finish();
    expect(read({ values: [tensorValue('two', two), tensorValue('text', text, 'text')] }).values).toEqual([
      { tag: 'two' },
      { tag: 'text', plugin: 'text' },
    ]);
  });
});

it('reads hparams, and how a session ended', () => {
  const config = { lr: 0.001, bias: true, model: 'resnet', momentum: 0 };
  const [start, end] = read({ values: hparamsValues(config, 1) }).values;
  expect(start!.hparams).toEqual({ config });
  expect(end!.hparams).toEqual({ end: 'success' });
});

it('throws at what is no event', () => {
  expect(() => readEvent(Uint8Array.of(0x0a, 0x7f, 0x01))).toThrow();
});
