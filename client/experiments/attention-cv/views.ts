/** The views that the attention experiment adds: their names, and where their code comes from. */
import { html } from 'lit';
import type { View } from '../../runs/view.js';

export const attentionViews: readonly View[] = [
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
];
