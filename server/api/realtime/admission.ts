/** Who may connect, on sockets and over HTTP alike: programs on this machine, and the page that this server sent. */
import type { IncomingHttpHeaders } from 'node:http';

/** A loopback name as it stands in a `Host` header. The port is that of a tunnel, too, and says nothing. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
const SCHEME = 'http://';

interface AskingRequest {
  headers: IncomingHttpHeaders;
  socket: { localPort?: number | undefined };
}

/**
 * Why the request is not let in, with what to do instead; null if it is. The Host's name keeps out a name that was
 * rebound to this machine; the Origin another page that is open in the same browser; programs send no Origin.
 */
export function refusal({ headers, socket }: AskingRequest): string | null {
  const host = headers.host?.toLowerCase() ?? '';
  if (!LOOPBACK_HOST.test(host)) {
    // The port at which it came in is right for who opens the address, who may do so through a tunnel.
    const port = /:(\d{1,5})$/.exec(host)?.[1] ?? socket.localPort;
    return `not allowed: the Host must be 127.0.0.1, localhost or [::1], with any port; open ${SCHEME}localhost:${port}`;
  }
  const { origin } = headers;
  if (origin === undefined || withoutDefaultPort(origin.toLowerCase()) === SCHEME + withoutDefaultPort(host))
    return null;
  return `not allowed: an Origin, if there is one, must be that of this server's own page, which is ${SCHEME}${host}`;
}

/** Browsers leave the port of `http` out, programs may not. */
function withoutDefaultPort(address: string): string {
  return address.replace(/:80$/, '');
}
