/** What a page itself holds, told from a heap snapshot: all but compiled code and what the browser keeps for itself. */
import type { CDPSession } from 'playwright-core';

/** The part of Chromium's snapshot format that is read. */
export interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  /** A row of `node_fields` for each node. */
  nodes: number[];
  strings: string[];
}

/** Machine code, its caches and the hidden classes of objects: there is more of it the longer a page has run. */
const COMPILED = new Set(['code', 'object shape']);
/** Of `native` nodes: the entries of the performance timeline, which fill up to a limit, and the browser's own tables. */
const BROWSER = /^(Performance|LayoutShift|TaskAttributionTiming|DOMRectReadOnly|blink::|system \/)/;

/** Bytes of JavaScript's objects, arrays and strings and of the elements, listeners and so on that belong to them. */
export function heldBytes({ snapshot: { meta }, nodes, strings }: HeapSnapshot): number {
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => meta.node_fields.indexOf(field));
  const types = meta.node_types[0];
  let sum = 0;
  for (let at = 0; at < nodes.length; at += meta.node_fields.length) {
    const kind = types[nodes[at + type!]!]!;
    const isBrowsers = kind === 'native' && BROWSER.test(strings[nodes[at + name!]!]!);
    if (!COMPILED.has(kind) && !isBrowsers) sum += nodes[at + size!]!;
  }
  return sum;
}

/** After a collection; takes a page of some megabytes a second, in which it stands still. */
export async function takeSnapshot(devtools: CDPSession): Promise<HeapSnapshot> {
  const chunks: string[] = [];
  const collect = ({ chunk }: { chunk: string }): number => chunks.push(chunk);
  devtools.on('HeapProfiler.addHeapSnapshotChunk', collect);
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  devtools.off('HeapProfiler.addHeapSnapshotChunk', collect);
  return JSON.parse(chunks.join('')) as HeapSnapshot;
}
