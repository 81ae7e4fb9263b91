/** Ids that nobody else makes; also where the page comes by plain http, and `crypto.randomUUID` is missing. */

const BYTES = 16;

export function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
