/**
 * Where the server is, as the page's own address says: it may stand under a path that the server or a proxy has given
 * it, which nothing else tells the page.
 */

/** The address of what the server has at `path`, as `api/runs`. */
export function serverAddress(path: string, page: string = document.baseURI): URL {
  return new URL(path, page);
}
