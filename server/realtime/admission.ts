/** Who may connect, on sockets and over HTTP alike: programs on this machine, and the page that this server sent. */

/** As they stand in a `Host` header and in an `Origin`. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const HTTP_PORT = 80;

/**
 * Whether a request with these headers is let in by a server on `port`. The Host keeps a name that was rebound to this
 * machine out, the Origin another page that is open in the same browser; programs send no Origin.
 */
export function isAllowed(host: string | undefined, origin: string | undefined, port: number): boolean {
  if (host === undefined || !isOwnHost(host, port)) return false;
  if (origin === undefined) return true;
  const scheme = 'http://';
  return origin.startsWith(scheme) && isOwnHost(origin.slice(scheme.length), port);
}

/** Names of hosts have no case. Without a port, `http` means 80. */
function isOwnHost(host: string, port: number): boolean {
  const name = host.toLowerCase();
  return LOOPBACK_NAMES.some((own) => name === `${own}:${port}` || (port === HTTP_PORT && name === own));
}

/** What someone who is kept out is told. */
export function refusal(port: number): string {
  return (
    `not allowed: open http://127.0.0.1:${port}; the Host must be 127.0.0.1, localhost or [::1] with port ${port}, ` +
    `and an Origin, if there is one, http:// and such a Host`
  );
}
