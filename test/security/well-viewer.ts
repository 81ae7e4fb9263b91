/** A viewer who is well, in a thread of its own, so that it waits for the server alone: asks until it is told to end. */
import { parentPort, workerData } from 'node:worker_threads';
import { io } from 'socket.io-client';

const ASK_MS = 50;

const { url, token } = workerData as { url: string; token: string };
const socket = io(url, { transports: ['websocket'], forceNew: true, auth: { version: 2, token } });
const waited: number[] = [];
let isOver = false;
parentPort!.on('message', () => (isOver = true));
await new Promise<void>((resolve) => socket.once('connect', resolve));
parentPort!.postMessage('connected');
while (!isOver) {
  const beganMs = performance.now();
  await new Promise((resolve) => socket.emit('runs:watch', {}, resolve));
  waited.push(performance.now() - beganMs);
  await new Promise((resolve) => setTimeout(resolve, ASK_MS));
}
socket.disconnect();
parentPort!.postMessage(waited.sort((one, other) => one - other));
parentPort!.close();
