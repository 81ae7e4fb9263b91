/** Where the page asks, wherever it stands. */
import { expect, it } from 'vitest';
import { serverAddress } from '../../../client/data/server-address.js';

it.each([
  ['http://127.0.0.1:4317/', 'http://127.0.0.1:4317/api/runs?status=running'],
  ['https://runs.example.org/x/?a=1#view=summary', 'https://runs.example.org/x/api/runs?status=running'],
  ['https://runs.example.org/x/index.html', 'https://runs.example.org/x/api/runs?status=running'],
])('of the page %s it is %s', (page, address) => {
  expect(serverAddress('api/runs?status=running', page).href).toBe(address);
});
