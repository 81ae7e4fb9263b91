/** Lucide's icons but one, put into the page when it is built: nothing is fetched for them. */
import { html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import bell from 'lucide-static/icons/bell.svg?raw';
import bellOff from 'lucide-static/icons/bell-off.svg?raw';
import bin from 'lucide-static/icons/trash-2.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';
import connect from 'lucide-static/icons/plug.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import csv from 'lucide-static/icons/sheet.svg?raw';
import dark from 'lucide-static/icons/moon.svg?raw';
import drawing from 'lucide-static/icons/file-down.svg?raw';
import earlier from 'lucide-static/icons/arrow-left.svg?raw';
import enlarge from 'lucide-static/icons/maximize-2.svg?raw';
import extend from 'lucide-static/icons/chevrons-right.svg?raw';
import later from 'lucide-static/icons/arrow-right.svg?raw';
import leave from 'lucide-static/icons/log-out.svg?raw';
import light from 'lucide-static/icons/sun.svg?raw';
import log from 'lucide-static/icons/scroll-text.svg?raw';
import more from 'lucide-static/icons/ellipsis-vertical.svg?raw';
import numbers from 'lucide-static/icons/table-2.svg?raw';
import open from 'lucide-static/icons/panel-right-open.svg?raw';
import picture from 'lucide-static/icons/image.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import restart from 'lucide-static/icons/rotate-ccw.svg?raw';
import resume from 'lucide-static/icons/play.svg?raw';
import save from 'lucide-static/icons/save.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import select from 'lucide-static/icons/list-checks.svg?raw';
import settings from 'lucide-static/icons/sliders-horizontal.svg?raw';
import share from 'lucide-static/icons/share-2.svg?raw';
import stop from 'lucide-static/icons/square.svg?raw';
import system from 'lucide-static/icons/monitor.svg?raw';
import unfold from 'lucide-static/icons/chevron-down.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';
import zoomOut from 'lucide-static/icons/zoom-out.svg?raw';

/**
 * Lucide's bars, filled and 12 px wide, leave one pixel between them, and across two halves: a block like that of stop.
 * These have whole pixels for edges, and a gap wider than either.
 */
const pause = `<svg viewBox="0 0 12 12" fill="currentColor">
  <rect x="1" y="1" width="3" height="10" rx="0.75" />
  <rect x="8" y="1" width="3" height="10" rx="0.75" />
</svg>`;

const SOURCES = {
  bell,
  'bell-off': bellOff,
  bin,
  close,
  connect,
  copy,
  csv,
  dark,
  drawing,
  earlier,
  enlarge,
  extend,
  later,
  leave,
  light,
  log,
  more,
  numbers,
  open,
  pause,
  picture,
  pin,
  plus,
  restart,
  resume,
  save,
  search,
  select,
  settings,
  share,
  stop,
  system,
  unfold,
  warning,
  zoomOut,
};
export type IconName = keyof typeof SOURCES;

/** Decoration: whoever shows it says in words what it means. */
export function icon(name: IconName): TemplateResult {
  return html`<span class="icon ${name}" aria-hidden="true">${unsafeHTML(SOURCES[name])}</span>`;
}
