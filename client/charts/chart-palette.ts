/** The grey furniture of a chart, read from the theme: a canvas knows no CSS properties. */

export interface ChartPalette {
  panel: string;
  title: string;
  text: string;
  grid: string;
  gridMinor: string;
  band: string;
  bandEdge: string;
  /** The line of what chance gives, and its spread. */
  chance: string;
  chanceBand: string;
  font: string;
}

export function readChartPalette(root: Element = document.documentElement): ChartPalette {
  const style = getComputedStyle(root);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    panel: read('--panel'),
    title: read('--text'),
    text: read('--faint'),
    grid: read('--grid'),
    gridMinor: read('--grid-minor'),
    band: read('--band'),
    bandEdge: read('--band-edge'),
    chance: read('--chance'),
    chanceBand: read('--chance-band'),
    font: `11px ${read('--font')}`,
  };
}
