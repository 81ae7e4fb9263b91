/** TFRecord framing: nothing that is whole is lost, nothing that is damaged is told. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskedCrc, RecordReader } from '../../server/tensorboard/record-reader.js';
import { crc32c, record } from './event-files.js';

const texts = (records: readonly Uint8Array[]): string[] => records.map((data) => Buffer.from(data).toString('latin1'));

it('checks by CRC-32C, masked', () => {
  const digits = Buffer.from('123456789');
  expect(crc32c(digits)).toBe(0xe3069283);
  expect(maskedCrc(digits)).toBe(record(digits).readUInt32LE(12 + 9));
  expect(maskedCrc(digits)).toBe(0xc78ab0e5);
});

it('answers the records of a file in whatever pieces it comes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
      (datas, sizes) => {
        const file = Buffer.concat(datas.map(record));
        const reader = new RecordReader();
        const read: Uint8Array[] = [];
        for (let offset = 0, piece = 0; offset < file.length; piece += 1) {
          const size = sizes[piece % sizes.length]!;
          read.push(...reader.push(file.subarray(offset, offset + size)));
          offset += size;
        }
        expect(read.map((data) => [...data])).toEqual(datas.map((data) => [...data]));
        expect([reader.damaged, reader.waiting]).toEqual([0, 0]);
      },
    ),
  );
});

it('waits for the last record, cut off at any of its bytes', () => {
  const whole = Buffer.concat(['one', 'two'].map((text) => record(Buffer.from(text))));
  const last = record(Buffer.from('the last one'));
  for (let cut = 0; cut < last.length; cut += 1) {
    const reader = new RecordReader();
    expect(texts(reader.push(Buffer.concat([whole, last.subarray(0, cut)])))).toEqual(['one', 'two']);
    expect([reader.damaged, reader.waiting]).toEqual([0, cut]);
    expect(texts(reader.push(last.subarray(cut)))).toEqual(['the last one']);
    expect([reader.damaged, reader.waiting]).toEqual([0, 0]);
  }
});

it('reads every intact record around 200 random damages, one at a time and all at once', () => {
  const random = seeded(17);
  const datas = Array.from({ length: 1000 }, (_, index) => `record ${index} ${'x'.repeat(random(60))}`);
  const records = datas.map((text) => record(Buffer.from(text)));
  const starts: number[] = [];
  records.reduce((offset, one) => (starts.push(offset), offset + one.length), 0);
  const file = Buffer.concat(records);
  const places = Array.from({ length: 200 }, () => random(file.length));
  const ownerOf = (place: number): number => starts.findLastIndex((start) => start <= place);
  const damage = (bytes: Buffer, place: number): void => void (bytes[place]! ^= 1 + random(255));
  for (const place of places) {
    const damaged = Buffer.from(file);
    damage(damaged, place);
    const reader = new RecordReader();
    expect(texts(reader.push(damaged))).toEqual(datas.filter((_, index) => index !== ownerOf(place)));
    expect(reader.damaged).toBe(1);
  }
  const damaged = Buffer.from(file);
  for (const place of places) damage(damaged, place);
  const owners = new Set(places.map(ownerOf));
  const reader = new RecordReader();
  const read: string[] = [];
  for (let offset = 0; offset < damaged.length; offset += 777)
    read.push(...texts(reader.push(damaged.subarray(offset, offset + 777))));
  expect(read).toEqual(datas.filter((_, index) => !owners.has(index)));
  // Neighbours whose headers are both damaged are one stretch.
  expect(reader.damaged).toBeGreaterThan(owners.size * 0.8);
  expect(reader.damaged).toBeLessThanOrEqual(owners.size);
});

it('finds the next record where bytes were lost or put in', () => {
  const [one, two, three] = ['one', 'the second of them', 'three'].map((text) => record(Buffer.from(text))) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  for (let lost = 1; lost < two.length; lost += 1) {
    // So much lost that the length leads to the end of another record, it counts as damaged with the first.
    if (lost === three.length) continue;
    const reader = new RecordReader();
    const read = reader.push(Buffer.concat([one, two.subarray(0, two.length - lost), three, one, one, one]));
    expect(texts(read)).toEqual(['one', 'three', 'one', 'one', 'one']);
    expect(reader.damaged).toBe(1);
  }
  const reader = new RecordReader();
  expect(texts(reader.push(Buffer.concat([one, Buffer.alloc(500), two, Buffer.from('noise'), three])))).toEqual([
    'one',
    'the second of them',
    'three',
  ]);
  expect(reader.damaged).toBe(2);
});

/** Whole numbers below `limit`, the same ones every time. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
