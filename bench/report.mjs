import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { busyOf } from './busy.mjs';
import { mixed } from './mixed.mjs';

const program = fileURLToPath(new URL('../bin/vs2route.js', import.meta.url));

/** How long the page of a report takes to be made and to open, and a letter in its search, in headless Chromium. */
export async function* report() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] }).catch(() => undefined);
  for (const count of [3, 300, 3000]) {
    const folder = mkdtempSync(join(tmpdir(), 'vs2route-bench-'));
    for (const { path, text } of mixed(count)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const page = join(folder, 'report.html');
    const from = performance.now();
    spawnSync(process.execPath, [
      program,
      'report',
      '--format',
      'html',
      '--output',
      page,
      '--fail-on',
      'never',
      folder,
    ]);
    const made = performance.now() - from;
    const size = `${(statSync(page).size / 1e6).toFixed(2)} MB`;
    const shown = browser === undefined ? 'no Chromium' : await openAndSearch(browser, page);
    rmSync(folder, { recursive: true, force: true });
    yield [
      `report --format html, ${count} VirtualServices`,
      `made in ${(made / 1000).toFixed(1)} s, ${size}, ${shown}`,
      '',
    ];
  }
  await browser?.close();
}

async function openAndSearch(browser, path) {
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  const busy = await busyOf(page);
  await page.goto(`file://${path}#/list`);
  await page.waitForSelector('.row');
  const open = await page.evaluate(async () => {
    const [{ duration }] = performance.getEntriesByType('navigation');
    return Math.max(duration, performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  });
  const busyToOpen = await busy();
  const keys = await page.evaluate(async () => {
    const search = document.getElementById('search');
    const times = [];
    for (const text of ['a', 'ap', 'app', 'app-', 'app-2', 'app-24']) {
      const start = performance.now();
      search.value = text;
      search.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - start);
    }
    return times.toSorted((a, b) => a - b);
  });
  const busyForKey = (await busy()) / keys.length;
  await page.close();
  return `opens in ${Math.round(open)} ms (${Math.round(busyToOpen)} ms of its thread), a key in ${Math.round(keys[3])} ms (slowest ${Math.round(keys[5])}; ${Math.round(busyForKey)} ms of its thread)`;
}
