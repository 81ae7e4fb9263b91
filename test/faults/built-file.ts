/** Child processes of the campaigns run what was built, be the caller the built campaign or a test of its source. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the project, by its path from the top. */
export function projectFile(path: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, path);
}

/** The path of a module of `dist`, as in `builtFile('server/execution/trainer-main.js')`. */
export function builtFile(path: string): string {
  return projectFile(join('dist', path));
}
