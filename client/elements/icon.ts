/** Lucide's icons, put into the page when it is built: nothing is fetched for them. */
import { html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import bell from 'lucide-static/icons/bell.svg?raw';
import bellOff from 'lucide-static/icons/bell-off.svg?raw';
import bin from 'lucide-static/icons/trash-2.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import dark from 'lucide-static/icons/moon.svg?raw';
import extend from 'lucide-static/icons/chevrons-right.svg?raw';
import light from 'lucide-static/icons/sun.svg?raw';
import log from 'lucide-static/icons/scroll-text.svg?raw';
import open from 'lucide-static/icons/panel-right-open.svg?raw';
import more from 'lucide-static/icons/ellipsis-vertical.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import restart from 'lucide-static/icons/rotate-ccw.svg?raw';
import resume from 'lucide-static/icons/play.svg?raw';
import select from 'lucide-static/icons/list-checks.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import system from 'lucide-static/icons/monitor.svg?raw';
import unfold from 'lucide-static/icons/chevron-down.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';

const SOURCES = {
  bell,
  'bell-off': bellOff,
  bin,
  close,
  dark,
  extend,
  light,
  log,
  more,
  open,
  pause,
  plus,
  restart,
  resume,
  search,
  select,
  stop,
  system,
  unfold,
  warning,
};
export type IconName = keyof typeof SOURCES;

/** Decoration: whoever shows it says in words what it means. */
export function icon(name: IconName): TemplateResult {
  return html`<span class="icon ${name}" aria-hidden="true">${unsafeHTML(SOURCES[name])}</span>`;
}
