/** What a view is to the page. */
import type { TemplateResult } from 'lit';
import type { Observatory } from './observatory.js';
import type { ViewName } from '../data/navigation.js';

export interface View {
  name: ViewName;
  /** Undefined: not among the tabs. */
  tab?: string;
  load: () => Promise<unknown>;
  render: (observatory: Observatory) => TemplateResult;
}
