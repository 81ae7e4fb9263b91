/** What the sweep service tells its operator: pino's calls, so that a test can pass its own. */
export interface ServiceLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const silentLog: ServiceLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
