/** Where the page begins: one observatory, given to the shell, then the connection is opened and the view loaded. */
import './app/app-shell.js';
import { loadAhead } from './app/view-host.js';
import { endNotifications } from './app/end-notifications.js';
import { createSocket } from './data/socket.js';
import { Observatory } from './runs/observatory.js';
import { tableChoice } from './runs/table/table-choice.js';
import { runViewChoice } from './runs/view/run-view-choice.js';
import { ThemeChoice } from './ui/theme-choice.js';

const observatory = new Observatory(createSocket(), new ThemeChoice());
for (const state of [tableChoice, runViewChoice, endNotifications]) state(observatory);
const shell = document.createElement('app-shell');
shell.observatory = observatory;
document.body.prepend(shell);
observatory.open();
loadAhead(observatory.navigation.view.value);
