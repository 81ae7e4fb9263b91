/** What `npm run screenshots` takes pictures of: every view, and every state that a viewer may meet. One entry each. */
import type { Page } from 'playwright-core';
import { referenceSweep } from '../../../shared/experiments/attention-cv/reference.js';
import type { ReplayOptions, ReplayServer } from '../replay-server.js';

export interface Scene {
  /** Begins the names of its pictures. */
  name: string;
  /** The page's address after `#`; of a run it holds the id that the server gave. */
  at?: string | ((server: ReplayServer) => string);
  /** Of the server: no sweep at first, several seeds, viewers that only watch. */
  options?: ReplayOptions;
  /** What happened before the page is opened; every run is finished if nothing is said. */
  before?: (server: ReplayServer) => Promise<void> | void;
  /** What the viewer does, and what happens meanwhile. */
  then?: (page: Page, server: ReplayServer) => Promise<void>;
  /** Of a desktop, too, all that there is to scroll to; of a phone that is always shown. */
  whole?: boolean;
}

const ofRun = (server: ReplayServer): string => `view=run&run=${server.idOf('64 × 4')}`;
const nothing = (): void => undefined;
/** Eight runs done, two training. */
const training = (server: ReplayServer): Promise<void> => server.step(4 * 51 + 32);

export const SCENES: readonly Scene[] = [
  { name: 'trajectories' },
  { name: 'trajectories-training', before: training },
  { name: 'summary', at: 'view=summary', whole: true },
  { name: 'summary-details', at: 'view=summary&detail=1&sort=-act_Q_h0', whole: true },
  { name: 'summary-script', at: 'view=summary&sample=script', whole: true },
  { name: 'summary-epoch-12', at: 'view=summary&epoch=12', whole: true },
  { name: 'summary-training', at: 'view=summary', before: training },
  { name: 'head-size', at: 'view=head-size', whole: true },
  { name: 'head-size-emb', at: 'view=head-size&of=emb' },
  { name: 'head-size-training', at: 'view=head-size', before: training },
  { name: 'head-size-not-begun', at: 'view=head-size', before: nothing },
  { name: 'heatmap', at: 'view=heatmap' },
  { name: 'heatmap-emb', at: 'view=heatmap&of=emb' },
  { name: 'heatmap-loss', at: 'view=heatmap&of=loss' },
  { name: 'heatmap-training', at: 'view=heatmap', before: training },
  { name: 'compare', at: 'view=compare' },
  { name: 'run', at: ofRun },
  {
    name: 'paused',
    before: async (server) => {
      await training(server);
      server.control('128 × 1', 'pause');
      await server.step(1);
      server.control('64 × 1', 'stop');
    },
  },
  {
    name: 'failed',
    before: async (server) => {
      await training(server);
      server.trainerOf('128 × 1').end('failed', 'the trainer process ended by signal SIGKILL');
      server.trainerOf('64 × 4').end('diverged', 'the loss is not finite at epoch 32');
    },
  },
  {
    name: 'disk-full',
    before: async (server) => {
      await training(server);
      server.store.isBroken = true;
      await server.step(1);
    },
  },
  {
    name: 'disconnected',
    before: training,
    then: async (page, server) => {
      server.kill();
      await page.getByText(/reconnecting, \d+ s/).waitFor();
    },
  },
  { name: 'not-begun', before: nothing },
  { name: 'empty', options: { sweep: null }, before: nothing },
  { name: 'three-seeds', options: { sweep: { ...referenceSweep, seeds: [1, 2, 3] } } },
  { name: 'mean-of-seeds', at: 'mean=1', options: { sweep: { ...referenceSweep, seeds: [1, 2, 3] } } },
  { name: 'enlarged', at: 'large=act_Q_h0&numbers=1&fold=activation-heads' },
  {
    name: 'tags',
    at: 'runs-filter=tag%3Dgood',
    before: async (server) => {
      await training(server);
      for (const [label, name, tags] of [
        ['64 × 4', 'Baseline of the seed sweep with the longer warm-up', ['good', 'to repeat']],
        ['128 × 8', '', ['good']],
        ['256 × 1', 'Second try', ['good', 'a rather long tag', 'warm-up', 'to repeat']],
      ] as const)
        server.patch(label, { tags: [...tags], ...(name !== '' && { name }) });
    },
  },
  { name: 'filter-finds-nothing', at: 'runs-filter=dim%3D64%20hd%3D128' },
  { name: 'help', then: (page) => page.keyboard.press('?') },
  {
    name: 'seam',
    at: ofRun,
    options: { sweep: { ...referenceSweep, dims: [64], heads: [4] } },
    before: async (server) => {
      await server.step(20);
      server.control('64 × 4', 'pause');
      await server.step(1);
      server.changeEngine('native');
      server.control('64 × 4', 'resume');
      await server.finish();
    },
  },
  { name: 'palette', then: (page) => page.keyboard.press('Control+k') },
  { name: 'read-only', options: { role: 'viewer' }, before: training },
  {
    name: 'new-sweep',
    then: (page) => page.getByRole('button', { name: 'New sweep' }).click(),
  },
];
