/** Where runs that are read go: to the service of this process, or to a server by HTTP. */
import type { ApiError, Result } from '../../shared/errors.js';
import { fail, ok } from '../../shared/errors.js';
import { newRunSchema, type OpenedRun, type Report, type SentFrame } from '../../shared/ingest.js';
import type { Description } from '../../shared/ingest.js';
import type { ExternalRuns } from '../external/external-runs.js';

export interface OpenRequest {
  id: string;
  resume: 'allow' | 'must';
  name: string;
  group: string;
  requestId: string;
}

/** Each fails with what the service answers; `unavailable` passes by itself. */
export interface RunSink {
  open(request: OpenRequest): Promise<Result<OpenedRun>>;
  frames(run: OpenedRun, frames: readonly SentFrame[]): Promise<Result<unknown>>;
  describe(run: OpenedRun, patch: Description): Promise<Result<unknown>>;
  report(run: OpenedRun, report: Report): Promise<Result<unknown>>;
}

export function serviceSink(external: Pick<ExternalRuns, 'open' | 'frames' | 'describe' | 'report'>): RunSink {
  const from = ({ id, writer }: OpenedRun) => ({ id: writer, runId: id });
  return {
    // What is read may be years old: only what is new in it says that somebody trains.
    open: (request) => Promise.resolve(external.open(newRunSchema.parse(request), 'tensorboard', false)),
    frames: (run, frames) => external.frames(from(run), frames),
    describe: (run, patch) => Promise.resolve(external.describe(from(run), patch)),
    report: (run, report) => external.report(from(run), report),
  };
}

/** @param token of a controller or a writer, where the server needs one */
export function httpSink(server: URL, token: string | undefined): RunSink {
  const base = server.href.replace(/\/$/, '');
  const send = async <T>(method: string, path: string, body: unknown, bearer = token): Promise<Result<T>> => {
    let answer: Response;
    try {
      answer = await fetch(`${base}/api/runs${path}`, {
        method,
        headers: {
          'Content-Type': 'application/json',
          ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch (error) {
      const { cause } = error as Error & { cause?: Error & { code?: string } };
      return fail(
        'unavailable',
        `${base} does not answer (${cause?.code ?? cause?.message ?? (error as Error).message})`,
      );
    }
    const text = await answer.text();
    try {
      const read = JSON.parse(text) as T & { error?: ApiError };
      return answer.ok ? ok(read) : { ok: false, error: read.error! };
    } catch {
      return fail('unavailable', `${base} is no Pentachoron: it answers ${answer.status}`);
    }
  };
  const path = ({ id }: OpenedRun, part = ''): string => `/${encodeURIComponent(id)}${part}`;
  return {
    open: (request) => send<OpenedRun>('POST', '', request),
    frames: (run, frames) => send('POST', path(run, '/frames'), frames.map(sendable), run.ingestToken),
    describe: (run, patch) => send('PATCH', path(run), patch, run.ingestToken),
    report: (run, report) => send('POST', path(run, '/state'), report, run.ingestToken),
  };
}

const ANSWER_MS = 60_000;

/** JSON has no NaN. */
function sendable({ values, ...frame }: SentFrame): unknown {
  return {
    ...frame,
    values: Object.fromEntries(values.map(([tag, value]) => [tag, Number.isFinite(value) ? value : String(value)])),
  };
}
