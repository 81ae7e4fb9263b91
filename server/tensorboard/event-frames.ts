/**
 * The points of event files as frames of a run: those of one step that follow each other in a file share a frame, and
 * a tag that comes again begins a new one. Pure.
 */
import { MAX_VALUES, type SentFrame } from '../../shared/ingest.js';
import { isPlainText } from '../../shared/plain-text.js';
import type { Event, Hparams } from './event.js';
import { readEvent } from './event.js';
import { RecordReader } from './record-reader.js';

export interface Point {
  tag: string;
  step: number;
  /** In ms since 1970. */
  at: number;
  value: number;
}

/** What a piece of a file brings, in its order. */
export interface Piece {
  points: Point[];
  hparams: Hparams[];
}

/** The plugins whose values are numbers; texts, pictures and the like are passed over. */
const SCALARS = 'scalars';
const LATEST_MS = 8.64e15;

/** One event file, as it is read. */
export class EventFile {
  /** Values that are no numbers, or that no series can be named after. */
  others = 0;
  readonly #reader = new RecordReader();
  /** A tag's plugin is told with its first value alone. */
  readonly #plugins = new Map<string, string>();
  /** Records that are whole and hold no event. */
  #strange = 0;

  get damaged(): number {
    return this.#reader.damaged + this.#strange;
  }

  /** Bytes of a record that is not whole yet. */
  get waiting(): number {
    return this.#reader.waiting;
  }

  push(bytes: Uint8Array): Piece {
    const piece: Piece = { points: [], hparams: [] };
    for (const record of this.#reader.push(bytes)) {
      let event: Event;
      try {
        event = readEvent(record);
      } catch {
        this.#strange += 1;
        continue;
      }
      this.#take(event, piece);
    }
    return piece;
  }

  #take({ wallTime, step, values }: Event, piece: Piece): void {
    // What is no time is none, and no reason to lose the value.
    const at = Math.min(Math.max(wallTime * 1000 || 0, 0), LATEST_MS);
    for (const { tag, plugin: told, scalar, hparams } of values) {
      if (told !== undefined) this.#plugins.set(tag, told);
      const plugin = this.#plugins.get(tag) ?? SCALARS;
      if (hparams !== undefined) piece.hparams.push(hparams);
      else if (scalar !== undefined && plugin === SCALARS && isSeriesName(tag))
        piece.points.push({ tag, step, at, value: scalar });
      else this.others += 1;
    }
  }
}

function isSeriesName(tag: string): boolean {
  return tag.length >= 1 && tag.length <= 200 && isPlainText(tag);
}

/** Gathers points to frames. */
export class FrameBuilder {
  readonly frames: Omit<SentFrame, 'seq'>[] = [];
  /** About how many, as JSON. */
  bytes = 0;
  #open: { step: number; values: [string, number][]; tags: Set<string> } | null = null;

  add({ tag, step, at, value }: Point): void {
    const open = this.#open;
    if (open?.step === step && !open.tags.has(tag) && open.values.length < MAX_VALUES) {
      open.values.push([tag, value]);
      open.tags.add(tag);
    } else {
      const values: [string, number][] = [[tag, value]];
      this.#open = { step, values, tags: new Set([tag]) };
      this.frames.push({ step, at, values });
      this.bytes += FRAME_BYTES;
    }
    this.bytes += Buffer.byteLength(tag) + VALUE_BYTES;
  }
}

/** Besides its values; a number with its quotes, colon and comma. */
const FRAME_BYTES = 100;
const VALUE_BYTES = 30;
