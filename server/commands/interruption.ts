/** How a command that trains is asked to end: by Ctrl-C, `kill`, or its terminal being closed. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A shell passes the hang-up of its terminal on, and its end brings another: both are one. */
const HANG_UP_MS = 1000;

export interface Interruption {
  /** Aborted by the first signal, which asks for an end in order; a second one ends the process at once with 130. */
  readonly signal: AbortSignal;
  /** From then on signals do what they do to other programs. */
  release(): void;
}

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let firstAt = 0;
  const interrupt = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now();
      controller.abort();
    } else if (name !== 'SIGHUP' || performance.now() - firstAt > HANG_UP_MS) {
      process.exit(130);
    }
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}
