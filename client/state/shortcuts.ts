/** The keys that the page listens to, in words and in the form that they are bound in. */
import type { ViewName } from './navigation.js';

export interface Shortcut {
  id: string;
  group: 'page' | 'views' | 'runs';
  title: string;
  /** As tinykeys reads them. */
  bindings: readonly string[];
  /** As they are written on the keys. */
  keys: readonly string[];
  /** Also while one types: it has a modifier. */
  always?: true;
}

const view = (id: Exclude<ViewName, 'run'>, letter: string, title: string): Shortcut => ({
  id,
  group: 'views',
  title,
  bindings: [`g ${letter}`],
  keys: ['g', letter],
});

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'palette', group: 'page', title: 'all commands', bindings: ['$mod+k'], keys: ['Ctrl', 'K'], always: true },
  { id: 'help', group: 'page', title: 'this list', bindings: ['?', 'Shift+?'], keys: ['?'] },
  { id: 'filter', group: 'page', title: 'filter runs', bindings: ['/', 'Shift+/'], keys: ['/'] },
  { id: 'new-sweep', group: 'page', title: 'new sweep', bindings: ['n'], keys: ['n'] },
  { id: 'theme', group: 'page', title: 'system, light, dark theme', bindings: ['d'], keys: ['d'] },
  view('trajectories', 't', 'trajectories'),
  view('summary', 's', 'summary'),
  view('head-size', 'h', 'head size'),
  view('heatmap', 'm', 'heatmap'),
  view('compare', 'c', 'compare'),
  { id: 'next-run', group: 'runs', title: 'next run', bindings: ['j'], keys: ['j'] },
  { id: 'previous-run', group: 'runs', title: 'previous run', bindings: ['k'], keys: ['k'] },
  { id: 'pause-run', group: 'runs', title: 'pause or resume the run', bindings: ['p'], keys: ['p'] },
  { id: 'alone', group: 'runs', title: 'its line alone, or all', bindings: ['o'], keys: ['o'] },
  { id: 'log', group: 'runs', title: 'its log', bindings: ['l'], keys: ['l'] },
  { id: 'show-all', group: 'runs', title: 'show all lines', bindings: ['a'], keys: ['a'] },
];
