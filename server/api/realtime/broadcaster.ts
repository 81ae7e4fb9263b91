/**
 * Sends what was committed to those who follow it: frames at most once a tick and group of viewers, a status only after
 * all frames before it. Every viewer gets each frame of its runs once and in order, however slowly it reads.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { skip, type Subscription } from 'rxjs';
import type { DefaultEventsMap, Server } from 'socket.io';
import { hasRight, type Presence } from '../../../shared/access.js';
import type { Measurement } from '../../../shared/measurement.js';
import {
  type ClientToServerEvents,
  type FramesMessage,
  type ServerNotice,
  type ServerToClientEvents,
  TICK_MS,
} from '../../../shared/protocol.js';
import type { Run } from '../../../shared/run.js';
import type { Principal } from '../../access/principal.js';
import type { Committed } from '../../runs/run-stream.js';
import type { SweepService } from '../../service/sweep-service.js';
import type { Selection } from '../calls/encode-frames.js';
import { FollowedRuns } from './followed-runs.js';
import { PendingChange } from './pending-change.js';
import { type Places, ViewerFeed, type ViewerGroup, type ViewerSocket, type Wanted } from './viewer-feed.js';

export type ViewerServer = Server<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, Principal>;

const WATCHERS = 'watchers';
/** Of these, those who are told who else is there. */
const CONTROLLERS = 'controllers';
/** A page that is loaded anew comes and goes within this time and need not be told of. */
const PRESENCE_MS = 100;

export class Broadcaster {
  readonly #io: ViewerServer;
  readonly #service: SweepService;
  readonly #log: Logger;
  readonly #subscription: Subscription;
  readonly #viewers = new Set<ViewerFeed>();
  readonly #followed: FollowedRuns;
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
    this.#followed = new FollowedRuns(service);
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

  /** By the name of a token, how many viewers came with it. */
  get connections(): ReadonlyMap<string, number> {
    return new Map(this.#people().map(({ name, connections }) => [name, connections]));
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
    for (const runId of viewer.runIds) this.#followed.remove(runId);
    if (viewer.state.kind === 'live') this.#leaveGroup(viewer.state.group);
    this.#announcePresence();
  }

  /** From now on the viewer hears of changes and of presence. */
  watch(viewer: ViewerFeed): void {
    viewer.isWatching = true;
    if (viewer.state.kind === 'behind') return;
    void viewer.socket.join(WATCHERS);
    if (!hasRight(viewer.socket.data.role, 'control')) return;
    void viewer.socket.join(CONTROLLERS);
    // The answer to everyone's question has no names.
    this.#announcePresence();
  }

  /** The viewer, which has been sent every frame of the run below `nextSeq`, gets those from there on. */
  follow(viewer: ViewerFeed, run: Run, selection: Selection, nextSeq: number): void {
    if (!this.#viewers.has(viewer)) return;
    if (!viewer.follows(run.id)) this.#followed.add(run);
    const key = selection === null ? run.id : `${run.id} ${JSON.stringify([...selection].sort())}`;
    this.#detach(viewer).set(run.id, { runId: run.id, selection, key, nextSeq });
  }

  unfollow(viewer: ViewerFeed, runId: string): void {
    if (!viewer.follows(runId)) return;
    this.#detach(viewer).delete(runId);
    this.#followed.remove(runId);
  }

  /** Sends what is pending, then that this was the last of it, and listens no more. */
  close(): void {
    this.#subscription.unsubscribe();
    this.#send();
    this.#io.to(WATCHERS).emit('server:notice', { storage: this.#service.storage(), closing: true });
    clearTimeout(this.#presence);
  }

  /** Takes the viewer out of its group, if it is in one; answers where it stands in each of its runs. */
  #detach(viewer: ViewerFeed): Places {
    if (viewer.state.kind !== 'live') return viewer.state.places;
    const { group } = viewer.state;
    const places: Places = new Map();
    for (const [runId, wanted] of group.wanted) places.set(runId, { ...wanted, nextSeq: this.#followed.sent(runId)! });
    void viewer.socket.leave(group.room);
    this.#leaveGroup(group);
    viewer.state = { kind: 'settling', places };
    return places;
  }

  #leaveGroup({ room }: ViewerGroup): void {
    const entry = this.#groups.get(room);
    if (entry !== undefined && --entry.size === 0) this.#groups.delete(room);
  }

  #take(event: Committed): void {
    if (event.type === 'frames') {
      for (const block of event.blocks) this.#followed.append(block);
    } else if (event.type === 'measured') {
      this.#measured.push({ runId: event.runId, measurement: event.measurement });
    } else {
      const { type: _type, ...change } = event;
      this.#change.add(change);
    }
    this.#schedule();
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
      viewer.fallBehind(this.#detach(viewer));
      void viewer.socket.leave(WATCHERS);
      void viewer.socket.leave(CONTROLLERS);
      this.#log.debug({ viewer: viewer.socket.id }, 'a viewer reads too slowly and is taken off the live feed');
    }
  }

  #sendFrames(): void {
    const messages = new Map<string, FramesMessage | null>();
    for (const { group } of this.#groups.values()) {
      const list: FramesMessage[] = [];
      for (const wanted of group.wanted.values()) {
        // Others may want the same.
        const { key } = wanted;
        if (!messages.has(key)) messages.set(key, this.#followed.message(wanted));
        const message = messages.get(key);
        if (message != null) list.push(message);
      }
      if (list.length > 0) this.#io.to(group.room).emit('run:frames', list);
    }
    const settling = [...this.#viewers].filter((viewer) => viewer.state.kind === 'settling');
    for (const viewer of settling) this.#sendOwnFrames(viewer);
    this.#followed.clear();
    for (const viewer of settling) this.#settle(viewer);
  }

  /** What is pending, without the part that the viewer got when it asked. */
  #sendOwnFrames({ socket, state }: ViewerFeed): void {
    if (state.kind !== 'settling') return;
    const list: FramesMessage[] = [];
    for (const place of state.places.values()) {
      // Whoever waits for a seq that is still to come was not told what columns came meanwhile.
      const message = this.#followed.message(place, { nextSeq: place.nextSeq, known: 0 });
      if (message === null) continue;
      list.push(message);
      place.nextSeq = message.fromSeq + message.rows;
    }
    if (list.length > 0) socket.emit('run:frames', list);
  }

  /** Puts the viewer into the group of those who follow the same, once it has been sent the same. */
  #settle(viewer: ViewerFeed): void {
    if (viewer.state.kind !== 'settling') return;
    const { places } = viewer.state;
    // One that asked for a seq that is still to come stays out of a group until then.
    for (const { runId, nextSeq } of places.values()) {
      const isGone = this.#service.runs.run(runId) === undefined;
      if (!isGone && nextSeq !== this.#followed.sent(runId)) return;
    }
    const keys = [...places.values()].map(({ key }) => key).sort();
    const room = `runs:${createHash('sha256').update(keys.join()).digest('base64url')}`;
    const entry = this.#groups.get(room) ?? { group: { room, wanted: new Map<string, Wanted>(places) }, size: 0 };
    entry.size += 1;
    this.#groups.set(room, entry);
    void viewer.socket.join(room);
    viewer.state = { kind: 'live', group: entry.group };
  }

  #sendMeasured(runId: string, measurement: Measurement): void {
    const groups = [...this.#groups.values()].filter(({ group }) => group.wanted.has(runId));
    // To no room would mean to everyone.
    if (groups.length > 0)
      this.#io.to(groups.map(({ group }) => group.room)).emit('run:measured', { runId, measurement });
    for (const { socket, state } of this.#viewers) {
      if (state.kind === 'live' || !state.places.has(runId)) continue;
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
    const { places } = viewer.state;
    try {
      if (!viewer.catchUp(this.#service)) return;
    } catch (error) {
      this.#log.error({ err: error, viewer: viewer.socket.id }, 'a viewer could not be caught up');
      viewer.socket.conn.close();
      return;
    }
    viewer.state = { kind: 'settling', places };
    if (!viewer.isWatching) return;
    this.watch(viewer);
    viewer.socket.emit('presence', { viewers: this.viewers });
    viewer.socket.emit('server:notice', { storage: this.#service.storage() });
  }

  #announcePresence(): void {
    this.#presence ??= setTimeout(() => {
      this.#presence = undefined;
      const { viewers } = this;
      const people = this.#people();
      if (people.length === 0) return void this.#io.to(WATCHERS).emit('presence', { viewers });
      this.#io.to(WATCHERS).except(CONTROLLERS).emit('presence', { viewers });
      this.#io.to(CONTROLLERS).emit('presence', { viewers, people });
    }, PRESENCE_MS);
  }

  /** Those who came with tokens. */
  #people(): Presence[] {
    const people = new Map<string, Presence>();
    for (const { socket } of this.#viewers) {
      const { name, role } = socket.data;
      if (name === null || role === null || role === 'program') continue;
      people.set(name, { name, role, connections: (people.get(name)?.connections ?? 0) + 1 });
    }
    return [...people.values()];
  }
}
