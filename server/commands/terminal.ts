/** What the terminal behind a stream can show. */
import pc from 'picocolors';

/** Colours for a stream: none unless it is a terminal, and none where `NO_COLOR` is set. */
export function colorsFor(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  const plain = process.env['NO_COLOR'] || process.env['TERM'] === 'dumb';
  return pc.createColors(stream.isTTY ? !plain : false);
}
