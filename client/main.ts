/** Where the page begins: one observatory, given to the shell, then the connection is opened. */
import './elements/app-shell.js';
import { createSocket } from './connection/socket.js';
import { Observatory } from './state/observatory.js';
import { ThemeChoice } from './state/theme-choice.js';

const observatory = new Observatory(createSocket(), new ThemeChoice());
const shell = document.createElement('app-shell');
shell.observatory = observatory;
document.body.prepend(shell);
observatory.open();
