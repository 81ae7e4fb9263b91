/** What a chart says of the values that it does not show. */
import type { ChartData } from './chart-data.js';

/** @param beyond values past the clipped edges. */
export function chartNotes(data: Pick<ChartData, 'leftOut' | 'lines'>, beyond: number): string[] {
  const { x, y } = data.leftOut;
  const drawn = data.lines.some((line) => !line.empty);
  const ended = data.lines.length > 0 && data.lines.every((line) => line.complete);
  return [
    ...(y > 0 ? [`${counted(y)} ≤ 0 left out`] : []),
    ...(x > 0 ? [`${counted(x)} at x ≤ 0 left out`] : []),
    ...(beyond > 0 ? [`${counted(beyond)} beyond the edge`] : []),
    ...(!drawn && x + y === 0 ? [ended ? 'no values' : 'no values yet'] : []),
  ];
}

function counted(values: number): string {
  return `${values} ${values === 1 ? 'value' : 'values'}`;
}
