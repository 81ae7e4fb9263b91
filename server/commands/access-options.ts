/** The flags of `pentachoron serve` on who may come, and from where. */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { badInput } from '../../shared/bad-input.js';
import { fail, ok, type Result } from '../../shared/errors.js';
import { type GivenToken, MIN_SECRET, roleSchema, tokenNameSchema } from '../access/tokens.js';
import { listOption, valueOption, wholeNumber } from '../config.js';

export interface AccessFlags {
  host: string;
  /** `NAME:ROLE:SECRET` each, unread: commander would repeat what is wrong. */
  token: string[];
  publicUrl?: URL;
  allowOrigin: URL[];
  frameAncestors: string[];
  basePath: string;
  tlsCert?: string;
  tlsKey?: string;
  trustProxy: number;
}

/** Without any of them: this machine alone. */
export const LOCAL_ACCESS: AccessFlags = {
  host: '127.0.0.1',
  token: [],
  allowOrigin: [],
  frameAncestors: [],
  basePath: '',
  trustProxy: 0,
};

export function addAccessOptions(command: Command): Command {
  return command
    .addOption(
      valueOption('--host <address>', 'address to listen on; 0.0.0.0 for every one of this machine', hostName).default(
        '127.0.0.1',
      ),
    )
    .addOption(
      listOption(
        '--token <name:role:secret>',
        'a token, as long as the server runs; repeatable',
        (text) => text,
        'PENTACHORON_TOKENS',
      ),
    )
    .addOption(
      valueOption('--public-url <url>', 'where others reach the server, for the links that it prints', webAddress),
    )
    .addOption(listOption('--allow-origin <url>', 'pages of this origin may open sockets, too; repeatable', origin))
    .addOption(
      listOption('--frame-ancestors <url>', 'pages of this origin may hold the page in a frame; repeatable', ancestor),
    )
    .addOption(
      valueOption('--base-path </x>', 'what all paths begin with, where a proxy passes it on', basePath).default(
        '',
        'none',
      ),
    )
    .addOption(valueOption('--tls-cert <file>', 'certificate (PEM) to serve https with', fileName))
    .addOption(valueOption('--tls-key <file>', 'its private key (PEM)', fileName))
    .addOption(
      valueOption(
        '--trust-proxy <hops>',
        'how many proxies in front are believed what they say of the client',
        wholeNumber(0, 10),
      ).default(0),
    );
}

/** Whether other machines may reach the server: by its address, or through what stands in front of it. */
export function isPublic({ host, publicUrl, allowOrigin, basePath: path, trustProxy }: AccessFlags): boolean {
  return !isLoopback(host) || publicUrl !== undefined || allowOrigin.length > 0 || path !== '' || trustProxy > 0;
}

export function isLoopback(host: string): boolean {
  return ['127.0.0.1', 'localhost', '::1'].includes(host);
}

/** What `--tls-cert` and `--tls-key` name; undefined without them. `bad_input` names the flag. */
export function readTls({ tlsCert, tlsKey }: AccessFlags): Result<{ cert: Buffer; key: Buffer } | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return ok(undefined);
  if (tlsCert === undefined || tlsKey === undefined)
    return fail('bad_input', '--tls-cert and --tls-key must be given together');
  const read = (flag: string, file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch (error) {
      throw new Error(`${flag}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  try {
    return ok({ cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey) });
  } catch (error) {
    return fail('bad_input', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Where the page is: of a server that listens on every address, that by which other machines most likely reach it.
 * @param isSecure whether it serves https
 */
export function pageAddress({ host, publicUrl, basePath: path }: AccessFlags, port: number, isSecure: boolean): string {
  if (publicUrl !== undefined) {
    const address = publicUrl.href.replace(/\/$/, '');
    return address.endsWith(path) ? address : address + path;
  }
  const shown = host === '0.0.0.0' || host === '::' ? (outerAddress() ?? 'localhost') : host;
  return `${isSecure ? 'https' : 'http'}://${shown.includes(':') ? `[${shown.replace('%', '%25')}]` : shown}:${port}${path}`;
}

/** Where programs on this machine reach the server, whatever stands in front of it. */
export function localAddress({ host, basePath: path }: AccessFlags, port: number, isSecure: boolean): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${isSecure ? 'https' : 'http'}://${reached.includes(':') ? `[${reached}]` : reached}:${port}${path}`;
}

/** Bridges of containers and the like come last. */
function outerAddress(): string | undefined {
  const found = Object.entries(networkInterfaces())
    .flatMap(([name, addresses = []]) => addresses.map((address) => ({ name, ...address })))
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  const isVirtual = (name: string): boolean => /^(docker|br-|veth|virbr|cni|flannel)/.test(name);
  return (found.find(({ name }) => !isVirtual(name)) ?? found[0])?.address;
}

function hostName(text: string): string {
  const host = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (!/^[\w.:%-]+$/.test(host)) throw new InvalidArgumentError('It must be an address or a name of this machine.');
  return host;
}

const tokenSchema = z.object({
  name: tokenNameSchema,
  role: roleSchema,
  secret: z
    .string()
    .regex(/^[\w.~+/=-]+$/, 'secret must be letters, digits and . _ ~ + / = -')
    .min(MIN_SECRET, `secret must have at least ${MIN_SECRET} characters`),
});

/** Reads `NAME:ROLE:SECRET`. `bad_input` never repeats the text, which holds a secret. */
export function givenTokens(texts: readonly string[]): Result<GivenToken[]> {
  const tokens: GivenToken[] = [];
  for (const text of texts) {
    const [name, role, ...rest] = text.split(':');
    const parsed = tokenSchema.safeParse({ name, role, secret: rest.join(':') });
    if (!parsed.success)
      return fail('bad_input', `--token must be NAME:ROLE:SECRET; ${badInput(parsed.error).error.message}`);
    if (tokens.some((token) => token.name === parsed.data.name))
      return fail('bad_input', `--token must not give the name ${parsed.data.name} twice`);
    tokens.push(parsed.data);
  }
  return ok(tokens);
}

export function webAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.search !== '' ||
    url.hash !== ''
  )
    throw new InvalidArgumentError('It must be an address such as https://runs.example.org/x.');
  return url;
}

function origin(text: string): URL {
  const url = webAddress(text);
  if (url.pathname !== '/')
    throw new InvalidArgumentError('It must be an origin such as https://runs.example.org, without a path.');
  return url;
}

/** As it stands in the header. */
function ancestor(text: string): string {
  return origin(text).origin;
}

function basePath(text: string): string {
  const path = text.replace(/\/+$/, '');
  if (path !== '' && !/^(\/[\w.~-]+)+$/.test(path))
    throw new InvalidArgumentError('It must be a path such as /pentachoron.');
  return path;
}

function fileName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must be the name of a file.');
  return text;
}
