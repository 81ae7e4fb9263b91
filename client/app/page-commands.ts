/** Everything that can be done from the page, as a list to search in: what the command palette offers. */
import { changes, SWEEP_ACTIONS, type RunAction } from '../../shared/run.js';
import type { Observatory } from '../runs/observatory.js';
import { tableChoice, targetRuns } from '../runs/table/table-choice.js';
import { endNotifications } from './end-notifications.js';
import { facetValues, isChosen } from '../runs/table/run-facets.js';
import { canMeasureMore, offeredActions } from '../runs/run-commands.js';
import type { RunLine } from '../runs/run-lines.js';
import { isOwn, sweepsByAge } from '../data/run-list.js';
import { THEME_PREFERENCES } from '../ui/theme-choice.js';
import { fullLabel } from '../runs/run-words.js';

export interface PageCommand {
  group: string;
  title: string;
  run: () => void;
}

/** What the elements of the page do. */
export interface PageActions {
  views: readonly { name: Parameters<Observatory['navigation']['show']>[0]; tab: string }[];
  filter: () => void;
  notify: () => void;
  control: (line: RunLine, action: RunAction) => void;
}

export function pageCommands(observatory: Observatory, actions: PageActions): PageCommand[] {
  return [
    ...viewCommands(observatory, actions),
    ...pageWideCommands(observatory, actions),
    ...sweepCommands(observatory),
    ...choiceCommands(observatory),
    ...runCommands(observatory, actions),
  ];
}

/** Why commands may be missing that one knows: in words, '' while all are there. */
export function commandsMissing({ isController, canCommand }: Observatory): string {
  if (!isController) return 'this page can look at everything and change nothing';
  return canCommand ? '' : 'runs can be told nothing until the server is back';
}

function viewCommands({ navigation }: Observatory, { views }: PageActions): PageCommand[] {
  return views.map(({ name, tab }) => ({ group: 'view', title: tab, run: () => navigation.show(name) }));
}

function pageWideCommands(observatory: Observatory, actions: PageActions): PageCommand[] {
  const { themes, selection } = observatory;
  const table = tableChoice(observatory);
  const notifications = endNotifications(observatory);
  const command = (title: string, run: () => void): PageCommand => ({ group: 'page', title, run });
  return [
    ...(observatory.canCommand ? [command('new sweep …', () => observatory.dialogs.show('new-sweep', {}))] : []),
    ...(observatory.canCommand ? [command('share …', () => observatory.dialogs.show('share', {}))] : []),
    ...(observatory.canCommand ? [command('connect a run …', () => observatory.dialogs.show('connect', {}))] : []),
    command('filter runs', actions.filter),
    ...(table.isFiltering ? [command('list all runs', () => table.clear())] : []),
    ...(selection.hidden.value.length > 0 ? [command('show all lines', () => selection.showAll())] : []),
    command(observatory.charts.cv.value === 'value' ? 'CVs as departures from chance' : 'CVs as measured', () =>
      observatory.charts.turnReading(),
    ),
    ...THEME_PREFERENCES.map((each) => command(`${each} theme`, () => themes.choose(each))),
    ...(notifications.isPossible
      ? [command(notifications.wanted.value ? 'stop notifying of ends' : 'notify when a run ends', actions.notify)]
      : []),
    command('keyboard shortcuts and filter', () => observatory.dialogs.show('help', {})),
  ];
}

function sweepCommands({ runList, selection }: Observatory): PageCommand[] {
  const shown = selection.sweepIds.value;
  return sweepsByAge(runList.state.value).flatMap(({ id, name, createdAt }) => {
    const title = isOwn(id) ? name : `${name} · ${new Date(createdAt).toLocaleString()}`;
    const alone = shown.length === 1 && shown[0] === id;
    return [
      ...(alone ? [] : [{ group: 'sweep', title: `show ${title}`, run: () => selection.chooseSweep(id) }]),
      ...(shown.includes(id)
        ? []
        : [{ group: 'sweep', title: `show beside the others ${title}`, run: () => selection.toggleSweep(id) }]),
    ];
  });
}

function choiceCommands({ shownRuns, selection }: Observatory): PageCommand[] {
  const lines = shownRuns.lines.value;
  return facetValues(lines.map(({ run }) => run)).flatMap(({ facet, values }) =>
    values.map(({ value, count }) => ({
      group: 'choose',
      title: `only ${facet} ${value} (${count})`,
      run: () => {
        const chosen = lines.filter(({ run }) => isChosen(run, { [facet]: [value] }));
        selection.showOnly(new Set(chosen.map(({ run }) => run.id)));
      },
    })),
  );
}

function runCommands(observatory: Observatory, actions: PageActions): PageCommand[] {
  const { shownRuns, selection, navigation, commands } = observatory;
  const { canCommand } = observatory;
  const meant = targetRuns(observatory);
  const bulk = SWEEP_ACTIONS.flatMap((action) => {
    const count = meant.filter(({ run }) => changes(action, run)).length;
    const run = (): void => void commands.controlRuns(meant, action);
    return canCommand && count > 0 ? [{ group: 'runs', title: `${action} ${count} shown`, run }] : [];
  });
  const measurable = canCommand ? meant.filter(({ run, replaced }) => !replaced && canMeasureMore(run)) : [];
  const measure = (): void => void commands.measureAgain(measurable);
  const measuring = {
    group: 'runs',
    title: `measure ${measurable.length} shown again, with shuffled nulls`,
    run: measure,
  };
  const single = shownRuns.lines.value.flatMap((line): PageCommand[] => {
    const { run, replaced } = line;
    const name = fullLabel(line.label) + (line.name === '' ? '' : ` (${line.name})`);
    const possible = canCommand && !commands.pending.byRun.value.has(run.id);
    return [
      ...(possible ? offeredActions(run, replaced) : []).map(({ action }) => ({
        group: 'run',
        title: action === 'extend' || action === 'restart' ? `${action} ${name} …` : `${action} ${name}`,
        run: () => actions.control(line, action),
      })),
      { group: 'run', title: `open ${name}`, run: () => navigation.showRun(run.id) },
      { group: 'run', title: `log of ${name}`, run: () => observatory.dialogs.show('log', { line }) },
      { group: 'run', title: `only ${name}`, run: () => selection.showOnly(new Set([run.id])) },
    ];
  });
  return [...bulk, ...(measurable.length > 0 ? [measuring] : []), ...single];
}
