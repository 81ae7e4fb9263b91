/** What another host sees of the server: guest.js CONTROL-LINK VIEW-LINK prints each as JSON, whether it is so. */
import { chromium } from 'playwright-core';
import { findChromium } from '../support/chromium.js';

const [control = '', view = ''] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
const seen: Record<string, boolean> = {};
try {
  const page = async (url: string) => {
    const context = await browser.newContext();
    const opened = await context.newPage();
    const response = await opened.goto(url);
    return { opened, status: response?.status() };
  };
  const stranger = await page(new URL('/', view).href);
  seen['without a link there is a page that asks for a token'] =
    stranger.status === 401 && (await stranger.opened.getByLabel('Token').isVisible());
  seen['and nothing else'] = (await stranger.opened.locator('canvas').count()) === 0;

  const viewer = await page(view);
  seen['the view link leaves the address'] = !viewer.opened.url().includes('token');
  await viewer.opened.getByText('64 × 1', { exact: true }).first().waitFor();
  seen['by it runs are seen, live'] = await viewer.opened.getByText('live', { exact: true }).first().isVisible();
  seen['but not paused'] = (await viewer.opened.getByRole('button', { name: /^pause/i }).count()) === 0;

  const controller = await page(control);
  await controller.opened.getByText('64 × 1', { exact: true }).first().waitFor();
  const pause = controller.opened.getByRole('button', { name: /^pause/i }).first();
  await pause.waitFor();
  seen['by the control link they can be paused'] = await pause.isEnabled();
  await pause.click();
  await viewer.opened.getByText(/paus/i).first().waitFor();
  seen['and the viewer sees it'] = true;
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(seen));
