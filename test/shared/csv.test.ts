/** CSV that programs read back as it was, and that spreadsheets do not carry out. */
import { expect, it } from 'vitest';
import { csvRow } from '../../shared/csv.js';

it.each([
  [[1, null, 'a'], '1,,a\n'],
  [['a,b', 'say "x"', 'two\nlines', 'cr\rhere'], '"a,b","say ""x""","two\nlines","cr\rhere"\n'],
  [
    ['=HYPERLINK("http://evil.example")', '+1+1', '@SUM(A1)', '-x'],
    `"'=HYPERLINK(""http://evil.example"")",'+1+1,'@SUM(A1),'-x\n`,
  ],
  [['-0.5', '+3', -0.5, 1e-7, 'NaN', '64 × 4'], '-0.5,+3,-0.5,1e-7,NaN,64 × 4\n'],
])('%j', (cells, line) => {
  expect(csvRow(cells)).toBe(line);
});
