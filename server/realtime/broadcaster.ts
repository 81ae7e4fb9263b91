/**
 * Sends what was committed to those who follow it: frames at most once a tick and group of viewers, a status only after
 * all frames before it. Every viewer gets each frame of its runs once and in order, however slowly it reads.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { skip, type Subscription } from 'rxjs';
import type { Server } from 'socket.io';
import type { FrameBlock } from '../../shared/frames.js';
import type { Measurement } from '../../shared/measurement.js';
import {
  type ClientToServerEvents,
  type FramesMessage,
  type ServerNotice,
  type ServerToClientEvents,
  TICK_MS,
} from '../../shared/protocol.js';
import type { Committed, SweepService } from '../sweep/sweep-service.js';
import { catchUp } from './catch-up.js';
import { encodeFrames } from './encode-frames.js';
import { PendingChange } from './pending-change.js';
import { PendingFrames } from './pending-frames.js';
import { ViewerFeed, type ViewerGroup, type ViewerSocket } from './viewer-feed.js';

export type ViewerServer = Server<ClientToServerEvents, ServerToClientEvents>;

const WATCHERS = 'watchers';
/** A page that is loaded anew comes and goes within this time and need not be told of. */
const PRESENCE_MS = 100;

/** A run that someone follows. */
interface FollowedRun {
  frames: PendingFrames;
  followers: number;
}

export class Broadcaster {
  readonly #io: ViewerServer;
  readonly #service: SweepService;
  readonly #log: Logger;
  readonly #subscription: Subscription;
  readonly #viewers = new Set<ViewerFeed>();
  readonly #followed = new Map<string, FollowedRun>();
  readonly #groups = new Map<string, { group: ViewerGroup; size: number }>();
  readonly #change = new PendingChange();
  #measured: { runId: string; measurement: Measurement }[] = [];
  /** What watchers are still to be told of the server. */
  #notice: ServerNotice | undefined;
  #tick: NodeJS.Timeout | undefined;
  #lastTickMs = -Infinity;
  #presence: NodeJS.Timeout | undefined;

  constructor(io: ViewerServer, service: SweepService, log: Logger) {
    this.#io = io;
    this.#service = service;
    this.#log = log;
    this.#subscription = service.committed$.subscribe((event) => this.#take(event));
    this.#subscription.add(
      // The first one is how it stands before anyone watches.
      service.storage$.pipe(skip(1)).subscribe((storage) => {
        this.#notice = { storage };
        this.#schedule();
      }),
    );
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  join(socket: ViewerSocket): ViewerFeed {
    const viewer = new ViewerFeed(socket);
    this.#viewers.add(viewer);
    socket.conn.on('drain', () => this.#serve(viewer));
    this.#announcePresence();
    return viewer;
  }

  leave(viewer: ViewerFeed): void {
    this.#viewers.delete(viewer);
    for (const runId of viewer.runIds) this.#release(runId);
    if (viewer.state.kind === 'live') this.#leaveGroup(viewer.state.group);
    this.#announcePresence();
  }

  /** From now on the viewer hears of changes and of presence. */
  watch(viewer: ViewerFeed): void {
    viewer.isWatching = true;
    if (viewer.state.kind !== 'behind') void viewer.socket.join(WATCHERS);
  }

  /** The viewer, which has been sent every frame of the run below `nextSeq`, gets those from there on. */
  follow(viewer: ViewerFeed, runId: string, nextSeq: number): void {
    if (!this.#viewers.has(viewer)) return;
    if (!viewer.follows(runId)) this.#hold(runId);
    this.#apart(viewer).set(runId, nextSeq);
  }

  unfollow(viewer: ViewerFeed, runId: string): void {
    if (!viewer.follows(runId)) return;
    this.#apart(viewer).delete(runId);
    this.#release(runId);
  }

  /** Sends what is pending, then that this was the last of it, and listens no more. */
  close(): void {
    this.#subscription.unsubscribe();
    this.#send();
    this.#io.to(WATCHERS).emit('server:notice', { storage: this.#service.storage(), closing: true });
    clearTimeout(this.#presence);
  }

  #hold(runId: string): void {
    const run = this.#followed.get(runId);
    if (run !== undefined) run.followers += 1;
    else {
      const frames = new PendingFrames(runId, this.#service.store.nextSeq(runId));
      this.#followed.set(runId, { frames, followers: 1 });
    }
  }

  #release(runId: string): void {
    const run = this.#followed.get(runId);
    if (run !== undefined && --run.followers === 0) this.#followed.delete(runId);
  }

  /** Takes the viewer out of its group, if it is in one; answers where it stands in each of its runs. */
  #apart(viewer: ViewerFeed): Map<string, number> {
    if (viewer.state.kind !== 'live') return viewer.state.nextSeqs;
    const { group } = viewer.state;
    const nextSeqs = new Map(group.runIds.map((runId) => [runId, this.#followed.get(runId)!.frames.sent]));
    void viewer.socket.leave(group.room);
    this.#leaveGroup(group);
    viewer.state = { kind: 'settling', nextSeqs };
    return nextSeqs;
  }

  #leaveGroup({ room }: ViewerGroup): void {
    const entry = this.#groups.get(room);
    if (entry !== undefined && --entry.size === 0) this.#groups.delete(room);
  }

  #take(event: Committed): void {
    if (event.type === 'frames') {
      for (const block of event.blocks) this.#takeFrames(block);
    } else if (event.type === 'measured') {
      this.#measured.push({ runId: event.runId, measurement: event.measurement });
    } else {
      const { type: _type, ...change } = event;
      this.#change.add(change);
    }
    this.#schedule();
  }

  #takeFrames(block: FrameBlock): void {
    const { store } = this.#service;
    const run = this.#followed.get(block.runId);
    run?.frames.append(block, (after, limit) => store.frames(block.runId, after, limit));
  }

  /** Even when a tick is due, what else is committed in this turn goes with it. */
  #schedule(): void {
    this.#tick ??= setTimeout(() => this.#send(), Math.max(0, TICK_MS - (performance.now() - this.#lastTickMs)));
  }

  #send(): void {
    clearTimeout(this.#tick);
    this.#tick = undefined;
    this.#lastTickMs = performance.now();
    this.#setAsideOverloaded();
    this.#sendFrames();
    for (const { runId, measurement } of this.#measured.splice(0)) this.#sendMeasured(runId, measurement);
    this.#sendChange();
    if (this.#notice !== undefined) this.#io.to(WATCHERS).emit('server:notice', this.#notice);
    this.#notice = undefined;
  }

  #setAsideOverloaded(): void {
    for (const viewer of this.#viewers) {
      if (viewer.state.kind === 'behind' || !viewer.isOverloaded()) continue;
      viewer.fallBehind(this.#apart(viewer));
      void viewer.socket.leave(WATCHERS);
      this.#log.debug({ viewer: viewer.socket.id }, 'a viewer reads too slowly and is taken off the live feed');
    }
  }

  #sendFrames(): void {
    const messages = new Map<string, FramesMessage>();
    for (const [runId, { frames }] of this.#followed) {
      const block = frames.from(frames.sent);
      if (block !== null) messages.set(runId, encodeFrames(block));
    }
    for (const { group } of this.#groups.values()) {
      const list = group.runIds.flatMap((runId) => messages.get(runId) ?? []);
      if (list.length > 0) this.#io.to(group.room).emit('run:frames', list);
    }
    const settling = [...this.#viewers].filter((viewer) => viewer.state.kind === 'settling');
    for (const viewer of settling) this.#sendOwnFrames(viewer);
    for (const { frames } of this.#followed.values()) frames.clear();
    for (const viewer of settling) this.#settle(viewer);
  }

  /** What is pending, without the part that the viewer got when it asked. */
  #sendOwnFrames({ socket, state }: ViewerFeed): void {
    if (state.kind !== 'settling') return;
    const list: FramesMessage[] = [];
    for (const [runId, nextSeq] of state.nextSeqs) {
      const block = this.#followed.get(runId)?.frames.from(nextSeq) ?? null;
      if (block === null) continue;
      list.push(encodeFrames(block));
      state.nextSeqs.set(runId, block.fromSeq + block.rows);
    }
    if (list.length > 0) socket.emit('run:frames', list);
  }

  /** Puts the viewer into the group of those who follow the same runs, once it has been sent the same. */
  #settle(viewer: ViewerFeed): void {
    if (viewer.state.kind !== 'settling') return;
    const { nextSeqs } = viewer.state;
    // One that asked for a seq that is still to come stays apart until then.
    for (const [runId, nextSeq] of nextSeqs) if (nextSeq !== this.#followed.get(runId)?.frames.sent) return;
    const runIds = [...nextSeqs.keys()].sort();
    const room = `runs:${createHash('sha256').update(runIds.join()).digest('base64url')}`;
    const entry = this.#groups.get(room) ?? { group: { room, runIds }, size: 0 };
    entry.size += 1;
    this.#groups.set(room, entry);
    void viewer.socket.join(room);
    viewer.state = { kind: 'live', group: entry.group };
  }

  #sendMeasured(runId: string, measurement: Measurement): void {
    const groups = [...this.#groups.values()].filter(({ group }) => group.runIds.includes(runId));
    // To no room would mean to everyone.
    if (groups.length > 0)
      this.#io.to(groups.map(({ group }) => group.room)).emit('run:measured', { runId, measurement });
    for (const { socket, state } of this.#viewers) {
      if (state.kind === 'live' || !state.nextSeqs.has(runId)) continue;
      if (state.kind === 'behind') state.measured.push({ runId, measurement });
      else socket.emit('run:measured', { runId, measurement });
    }
  }

  #sendChange(): void {
    if (this.#change.isEmpty) return;
    const change = this.#change.take();
    this.#io.to(WATCHERS).emit('runs:changed', change);
    for (const { state, isWatching } of this.#viewers) {
      if (state.kind === 'behind' && isWatching) state.change.add(change);
    }
  }

  /** A viewer that is behind has read what was waiting for it: it gets the next part, or comes back to the live feed. */
  #serve(viewer: ViewerFeed): void {
    if (viewer.state.kind !== 'behind' || !this.#viewers.has(viewer)) return;
    const { nextSeqs } = viewer.state;
    try {
      if (!catchUp(viewer, this.#service.store)) return;
    } catch (error) {
      this.#log.error({ err: error, viewer: viewer.socket.id }, 'a viewer could not be caught up');
      viewer.socket.conn.close();
      return;
    }
    viewer.state = { kind: 'settling', nextSeqs };
    if (!viewer.isWatching) return;
    void viewer.socket.join(WATCHERS);
    viewer.socket.emit('presence', { viewers: this.viewers });
    viewer.socket.emit('server:notice', { storage: this.#service.storage() });
  }

  #announcePresence(): void {
    this.#presence ??= setTimeout(() => {
      this.#presence = undefined;
      this.#io.to(WATCHERS).emit('presence', { viewers: this.viewers });
    }, PRESENCE_MS);
  }
}
