/** What a campaign of faults is: one kind of mishap, tried so many times, and what was lost by it. */

export interface Findings {
  cases: number;
  /** Frames that a viewer or the store lacks. */
  lost: number;
  /** Frames that came twice. */
  duplicated: number;
  /** Frames that stand where another epoch's should. */
  outOfOrder: number;
  /** Frames, measurements and states whose bits are not those that an undisturbed run has. */
  differing: number;
  /** Whatever else was not as it should be, in words. */
  failures: string[];
}

export interface Campaign {
  /** For `--only`. */
  name: string;
  /** What is done, for the table. */
  title: string;
  /** Cases of the full campaign. */
  cases: number;
  run(cases: number): Promise<Findings>;
}

export function noFindings(): Findings {
  return { cases: 0, lost: 0, duplicated: 0, outOfOrder: 0, differing: 0, failures: [] };
}

/** Adds `more` to `findings`, its words led by `where`. */
export function addFindings(findings: Findings, more: Findings, where: string): void {
  findings.cases += more.cases;
  findings.lost += more.lost;
  findings.duplicated += more.duplicated;
  findings.outOfOrder += more.outOfOrder;
  findings.differing += more.differing;
  findings.failures.push(...more.failures.map((failure) => `${where}: ${failure}`));
}

/** Whether all went as if nothing had happened. */
export function isFaultless({ lost, duplicated, outOfOrder, differing, failures }: Findings): boolean {
  return lost + duplicated + outOfOrder + differing + failures.length === 0;
}
