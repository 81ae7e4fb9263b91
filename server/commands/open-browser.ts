/** Shows a page in the user's browser, where there is one. */
import { spawn } from 'node:child_process';

/** @param failed hears of it when there is no way to open one; a browser that opens and then fails is not noticed. */
export function openBrowser(url: string, failed: (reason: string) => void): void {
  const [command, ...parameters] = opener();
  const child = spawn(command, [...parameters, url], { stdio: 'ignore', detached: true });
  child.on('error', (error) => failed(error.message));
  child.on('exit', (code) => {
    if (code !== 0) failed(`${command} ended with ${code ?? 'a signal'}`);
  });
  // The server may end before the browser does.
  child.unref();
}

function opener(): [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      // `start` takes its first quoted word for a title.
      return ['cmd', '/c', 'start', '""'];
    default:
      return ['xdg-open'];
  }
}
