/** Every view: its name in the header, how it is drawn, and where its code comes from, loaded when first shown. */
import { html, type TemplateResult } from 'lit';
import type { Observatory } from '../state/observatory.js';
import type { ViewName } from '../state/navigation.js';

export interface View {
  name: ViewName;
  /** Undefined: not among the tabs. */
  tab?: string;
  load: () => Promise<unknown>;
  render: (observatory: Observatory) => TemplateResult;
}

export const VIEWS: readonly View[] = [
  {
    name: 'trajectories',
    tab: 'Trajectories',
    load: () => import('./trajectories-view.js'),
    render: (observatory) => html`<trajectories-view .observatory=${observatory}></trajectories-view>`,
  },
  {
    name: 'summary',
    tab: 'Summary',
    load: () => import('./summary-view.js'),
    render: (observatory) => html`<summary-view .observatory=${observatory}></summary-view>`,
  },
  {
    name: 'head-size',
    tab: 'Head size',
    load: () => import('./head-size-view.js'),
    render: (observatory) => html`<head-size-view .observatory=${observatory}></head-size-view>`,
  },
  {
    name: 'heatmap',
    tab: 'Heatmap',
    load: () => import('./heatmap-view.js'),
    render: (observatory) => html`<heatmap-view .observatory=${observatory}></heatmap-view>`,
  },
  {
    name: 'compare',
    tab: 'Compare',
    load: () => import('./compare-view.js'),
    render: (observatory) => html`<compare-view .observatory=${observatory}></compare-view>`,
  },
  {
    name: 'run',
    load: () => import('./run-view.js'),
    render: (observatory) => html`<run-view .observatory=${observatory}></run-view>`,
  },
];
