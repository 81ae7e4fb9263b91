/** The typed socket, and how it is opened. Cursors do the recovery, so nothing of Socket.IO's own is used for it. */
import { io, type Socket } from 'socket.io-client';
import { type ClientToServerEvents, PROTOCOL_VERSION, type ServerToClientEvents } from '../../shared/protocol.js';
import { serverAddress } from './server-address.js';

export type PageSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

/** A socket to the server that sent the page; not yet connected, so that listeners can be set first. */
export function createSocket(): PageSocket {
  return io({
    path: serverAddress('socket.io/').pathname,
    auth: { version: PROTOCOL_VERSION },
    transports: ['websocket'],
    autoConnect: false,
    // A proxy may keep an upgrade waiting for ever: what is said of that must not take as long.
    timeout: 8000,
    reconnectionDelay: 250,
    reconnectionDelayMax: 2000,
  });
}
