/** Every view: its name in the header, how it is drawn, and where its code comes from, loaded when first shown. */
import { html } from 'lit';
import { EXPERIMENT_VIEWS } from '../experiments/registry.js';
import type { View } from './view.js';

export const VIEWS: readonly View[] = [
  {
    name: 'trajectories',
    tab: 'Trajectories',
    load: () => import('./trajectories-view.js'),
    render: (observatory) => html`<trajectories-view .observatory=${observatory}></trajectories-view>`,
  },
  ...EXPERIMENT_VIEWS,
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
