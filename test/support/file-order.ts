/** Which file of tests is run when: those that can share a process lie side by side, because another kind in between ends it. */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of the page that need none, and say so. */
const WITHOUT_PAGE = /^\/\/ @vitest-environment node$/m;

export class FileOrder extends BaseSequencer {
  /** By project, then by environment, then the longest first, as far as that is known, or else the largest. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const kinds = new Map(
      files.map((file) => {
        const isWithoutPage = WITHOUT_PAGE.test(readFileSync(file.moduleId, 'utf8'));
        return [file, `${file.project.name} ${isWithoutPage ? 'z' : 'a'}`];
      }),
    );
    const kindOf = (file: TestSpecification): string => kinds.get(file) ?? '';
    // Sorting is stable: within a kind the order stays.
    return (await super.sort(files)).sort((a, b) => kindOf(a).localeCompare(kindOf(b)));
  }
}
