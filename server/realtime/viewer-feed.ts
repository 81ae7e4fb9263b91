/** One viewer: what it follows, how far it has been sent, and whether it keeps up. */
import type { Socket } from 'socket.io';
import type { Measurement } from '../../shared/measurement.js';
import type { ClientToServerEvents, ServerToClientEvents } from '../../shared/protocol.js';
import { PendingChange } from './pending-change.js';

export type ViewerSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/** Viewers that follow the same runs and have been sent the same: one packet a tick serves them all. */
export interface ViewerGroup {
  room: string;
  /** Sorted. */
  runIds: readonly string[];
}

/** By run: the seq of the first frame that the viewer has not been sent. */
type NextSeqs = Map<string, number>;

/**
 * - `live`: sent whatever its group has been sent
 * - `settling`: has asked for something else since the last tick; joins its new group after the next one
 * - `behind`: reads slower than frames come; is sent them from the store as it reads, and the rest at the end
 */
type FeedState =
  | { kind: 'live'; group: ViewerGroup }
  | { kind: 'settling'; nextSeqs: NextSeqs }
  | {
      kind: 'behind';
      nextSeqs: NextSeqs;
      measured: { runId: string; measurement: Measurement }[];
      change: PendingChange;
    };

/** A viewer with more than this waiting for it is behind. A healthy one has a packet or two. */
const MAX_WAITING_PACKETS = 256;
/** Room for the histories that a page asks for when it is opened. */
const MAX_WAITING_CHARACTERS = 32 * 2 ** 20;

export class ViewerFeed {
  readonly socket: ViewerSocket;
  state: FeedState = { kind: 'settling', nextSeqs: new Map() };
  /** Whether it wants to hear of changes of runs, and of other viewers. */
  isWatching = false;

  constructor(socket: ViewerSocket) {
    this.socket = socket;
  }

  follows(runId: string): boolean {
    return this.state.kind === 'live' ? this.state.group.runIds.includes(runId) : this.state.nextSeqs.has(runId);
  }

  get runIds(): readonly string[] {
    return this.state.kind === 'live' ? this.state.group.runIds : [...this.state.nextSeqs.keys()];
  }

  fallBehind(nextSeqs: NextSeqs): void {
    this.state = { kind: 'behind', nextSeqs, measured: [], change: new PendingChange() };
  }

  /** Whether what was emitted to it waits in such amounts that more of it would only fill the memory. */
  isOverloaded(): boolean {
    const waiting = waitingPackets(this.socket);
    if (waiting.length > MAX_WAITING_PACKETS) return true;
    let characters = 0;
    for (const { data } of waiting) characters += data?.length ?? 0;
    return characters > MAX_WAITING_CHARACTERS;
  }
}

/** Packets that the transport has not taken yet. Engine.IO keeps the queue to itself in its types, not in its objects. */
function waitingPackets(socket: ViewerSocket): readonly { data?: { length: number } }[] {
  const { writeBuffer } = socket.conn as unknown as { writeBuffer: readonly { data?: { length: number } }[] };
  return writeBuffer;
}
