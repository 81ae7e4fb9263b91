/** What the attention experiment adds to the page: its views, loaded when they are first shown, and how a sweep begins. */
import { html } from 'lit';
import type { ExperimentPage } from '../../runs/experiment-page.js';
import './empty-state.js';
import { attentionCv } from './page-experiment.js';
import './sweep-form.js';

export const attentionPage: ExperimentPage = {
  experiment: attentionCv,
  views: [
    {
      name: 'summary',
      tab: 'Summary',
      letter: 's',
      load: () => import('./summary-view.js'),
      render: (observatory) => html`<summary-view .observatory=${observatory}></summary-view>`,
    },
    {
      name: 'head-size',
      tab: 'Head size',
      letter: 'h',
      load: () => import('./head-size-view.js'),
      render: (observatory) => html`<head-size-view .observatory=${observatory}></head-size-view>`,
    },
    {
      name: 'heatmap',
      tab: 'Heatmap',
      letter: 'm',
      load: () => import('./heatmap-view.js'),
      render: (observatory) => html`<heatmap-view .observatory=${observatory}></heatmap-view>`,
    },
  ],
  emptyState: (observatory) => html`<empty-state .observatory=${observatory}></empty-state>`,
  sweepForm: (observatory, made) => html`<sweep-form .observatory=${observatory} @sweep-made=${made}></sweep-form>`,
};
