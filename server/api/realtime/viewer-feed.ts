/** One viewer: what it follows, how far it has been sent, and whether it keeps up. */
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Measurement } from '../../../shared/measurement.js';
import type { ClientToServerEvents, FramesMessage, ServerToClientEvents } from '../../../shared/protocol.js';
import type { Principal } from '../../access/principal.js';
import type { SweepService } from '../../service/sweep-service.js';
import { framesMessage, rowsFor, type Selection } from '../calls/encode-frames.js';
import { PendingChange } from './pending-change.js';
import { ViewerWire } from './viewer-wire.js';

/** Its data is as whom it was let in. */
export type ViewerSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Principal>;

/** What a viewer wants of a run. */
export interface Wanted {
  runId: string;
  selection: Selection;
  /** The same for all who want the same. */
  key: string;
}

/** Viewers that follow the same runs and have been sent the same: one packet a tick serves them all. */
export interface ViewerGroup {
  room: string;
  /** By run. */
  wanted: ReadonlyMap<string, Wanted>;
}

/** By run: what the viewer wants of it, and the seq of the first frame that it has not been sent. */
export type Places = Map<string, Wanted & { nextSeq: number }>;

/**
 * - `live`: sent whatever its group has been sent
 * - `settling`: has asked for something else since the last tick; joins its new group after the next one
 * - `behind`: reads slower than frames come; is sent them from the store as it reads, and the rest at the end
 */
type FeedState =
  | { kind: 'live'; group: ViewerGroup }
  | { kind: 'settling'; places: Places }
  | {
      kind: 'behind';
      places: Places;
      measured: { runId: string; measurement: Measurement }[];
      change: PendingChange;
    };

/** A viewer with more than this waiting for it is behind. A healthy one has a packet or two. */
const MAX_WAITING_PACKETS = 256;
/** Histories wait for their turn where they are asked for; this is for what is live. */
const MAX_WAITING_CHARACTERS = 4 * 2 ** 20;
/** A part of what it missed: small enough to wait in memory for each of many, large enough to overtake any run. */
const PART_CHARACTERS = 384 * 1024;

export class ViewerFeed {
  readonly socket: ViewerSocket;
  readonly wire: ViewerWire;
  state: FeedState = { kind: 'settling', places: new Map() };
  /** Whether it wants to hear of changes of runs, and of other viewers. */
  isWatching = false;

  constructor(socket: ViewerSocket) {
    this.socket = socket;
    this.wire = new ViewerWire(socket);
  }

  follows(runId: string): boolean {
    return this.state.kind === 'live' ? this.state.group.wanted.has(runId) : this.state.places.has(runId);
  }

  get runIds(): readonly string[] {
    return [...(this.state.kind === 'live' ? this.state.group.wanted : this.state.places).keys()];
  }

  fallBehind(places: Places): void {
    this.state = { kind: 'behind', places, measured: [], change: new PendingChange() };
  }

  /** Whether what was emitted to it waits in such amounts that more of it would only fill the memory. */
  isOverloaded(): boolean {
    return this.wire.waitingPackets > MAX_WAITING_PACKETS || this.wire.unsent > MAX_WAITING_CHARACTERS;
  }

  /**
   * Sends one that is behind the next part of what it lacks, read from the store. True once it has all that is
   * committed: then it has also been sent what else it missed, after the frames before it.
   */
  catchUp({ runs, histories }: Pick<SweepService, 'runs' | 'histories'>): boolean {
    const { socket, state } = this;
    if (state.kind !== 'behind') return true;
    const list: FramesMessage[] = [];
    let left = PART_CHARACTERS;
    for (const place of state.places.values()) {
      if (left <= 0) break;
      const run = runs.run(place.runId);
      if (run === undefined) continue;
      const block = histories.frames(run.id, place.nextSeq - 1, rowsFor(run, place.selection, left));
      if (block.rows === 0) continue;
      // It may have missed that the columns have become more.
      const message = framesMessage(block, run, place.selection, 0);
      list.push(message);
      place.nextSeq += block.rows;
      left -= message.data.length + message.steps.length + message.times.length;
    }
    if (list.length > 0) socket.emit('run:frames', list);
    if ([...state.places.values()].some(({ runId, nextSeq }) => nextSeq < histories.nextSeq(runId))) return false;
    for (const measured of state.measured) socket.emit('run:measured', measured);
    if (!state.change.isEmpty) socket.emit('runs:changed', state.change.take());
    return true;
  }
}
