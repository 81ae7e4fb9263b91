/** A command that gets signals at the moment from which it listens for them, which nobody outside can meet. */

/** NODE_OPTIONS for it. Its trainers, which inherit them, get none. */
export function signalled(...signals: NodeJS.Signals[]): string {
  const hook = `
    const { on } = process;
    process.on = function (name, ...rest) {
      const result = on.call(this, name, ...rest);
      // The last of those that it listens for.
      if (name === 'SIGHUP' && process.send === undefined)
        for (const signal of ${JSON.stringify(signals)}) process.kill(process.pid, signal);
      return result;
    };
  `;
  return `--import data:text/javascript,${encodeURIComponent(hook)}`;
}
