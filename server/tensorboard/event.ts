/** The parts of TensorBoard's Event, Summary and hparams messages that a run is made of. Pure. */
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { tensorScalar } from './tensor-scalar.js';

export interface EventValue {
  tag: string;
  /** Of the plugin that shows it; absent where the value does not say, as all but a tag's first need not. */
  plugin?: string;
  /** A number, if it is one. */
  scalar?: number;
  /** Of the plugin `hparams`. */
  hparams?: Hparams;
}

export interface Event {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  /** Of a file's first event. */
  fileVersion?: string;
  values: EventValue[];
}

export interface Hparams {
  config?: Record<string, unknown>;
  /** How the session ended, where its writer says so. */
  end?: 'success' | 'failure';
}

const HPARAMS_PLUGIN = 'hparams';

/** @throws where the bytes are no such message: the record is whole, and what wrote it is no event writer. */
export function readEvent(bytes: Uint8Array): Event {
  const event: Event = { wallTime: 0, step: 0, values: [] };
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field === 1) event.wallTime = reader.double();
    else if (field === 2) event.step = Number(reader.int64());
    else if (field === 3) event.fileVersion = reader.string();
    else if (field === 5)
      for (const part of fieldsOf(reader.bytes()))
        if (part.field === 1) event.values.push(readValue(part.reader.bytes()));
  }
  return event;
}

function readValue(bytes: Uint8Array): EventValue {
  const value: EventValue = { tag: '' };
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field === 1) value.tag = reader.string();
    else if (field === 2) value.scalar = reader.float();
    else if (field === 8) {
      const scalar = tensorScalar(reader.bytes());
      if (scalar !== null) value.scalar = scalar;
    } else if (field === 9) readMetadata(reader.bytes(), value);
  }
  return value;
}

function readMetadata(bytes: Uint8Array, value: EventValue): void {
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field !== 1) continue;
    let content: Uint8Array = new Uint8Array(0);
    value.plugin = '';
    for (const part of fieldsOf(reader.bytes())) {
      if (part.field === 1) value.plugin = part.reader.string();
      else if (part.field === 2) content = part.reader.bytes();
    }
    if (value.plugin === HPARAMS_PLUGIN) value.hparams = readHparams(content);
  }
}

function readHparams(bytes: Uint8Array): Hparams {
  const hparams: Hparams = {};
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field === 3) hparams.config = readSessionStart(reader.bytes());
    else if (field === 4)
      for (const part of fieldsOf(reader.bytes())) {
        if (part.field !== 1) continue;
        const status = part.reader.int32();
        if (status === 1) hparams.end = 'success';
        if (status === 2) hparams.end = 'failure';
      }
  }
  return hparams;
}

function readSessionStart(bytes: Uint8Array): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field !== 1) continue;
    let name = '';
    let value: unknown = null;
    for (const part of fieldsOf(reader.bytes())) {
      if (part.field === 1) name = part.reader.string();
      else if (part.field === 2) value = readJson(part.reader.bytes());
    }
    entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

/** A google.protobuf.Value. JSON has no NaN and no infinity: they are told by their names. */
function readJson(bytes: Uint8Array): unknown {
  let value: unknown = null;
  for (const { field, reader } of fieldsOf(bytes)) {
    if (field === 2) {
      const number = reader.double();
      value = Number.isFinite(number) ? number : String(number);
    } else if (field === 3) value = reader.string();
    else if (field === 4) value = reader.bool();
  }
  return value;
}

/** Each field of a message, in turn; one that is not read is passed over. */
function* fieldsOf(bytes: Uint8Array): Generator<{ field: number; reader: BinaryReader }> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const before = reader.pos;
    yield { field, reader };
    // Every field has at least a byte.
    if (reader.pos === before) reader.skip(type, field);
  }
}
