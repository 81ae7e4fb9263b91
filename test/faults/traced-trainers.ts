/** Real trainers whose process ids are known: a module to fork, and those of its processes that live. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtFile } from './built-file.js';
import { isAlive } from './process-state.js';

export interface TrainerHabits {
  /** A part that they drop of each state they are given. */
  forget?: 'generator' | 'moments';
  /** They begin each execution when a pause has come for it, and take that after one epoch. */
  hold?: true;
}

export class TracedTrainers {
  /** The module. */
  readonly path: string;
  readonly #pidFolder: string;

  /**
   * @param folder Where the module and the ids are kept.
   */
  constructor(folder: string, { forget, hold }: TrainerHabits = {}) {
    this.path = join(folder, 'trainer.mjs');
    this.#pidFolder = join(folder, 'pids');
    mkdirSync(this.#pidFolder);
    // A module of its own, because the environment is shared by all that one process forks.
    const settings = {
      FAULTS_PIDS: this.#pidFolder,
      ...(forget && { FAULTS_FORGET: forget }),
      ...(hold && { FAULTS_HOLD: 'yes' }),
    };
    const traced = pathToFileURL(builtFile('test/faults/traced-trainer.js')).href;
    writeFileSync(this.path, `Object.assign(process.env, ${JSON.stringify(settings)});\nawait import('${traced}');\n`);
  }

  /** Process ids. */
  alive(): number[] {
    return readdirSync(this.#pidFolder).map(Number).filter(isAlive);
  }
}
