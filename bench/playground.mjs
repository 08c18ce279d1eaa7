import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { virtualService } from './manifests.mjs';

const script = fileURLToPath(new URL('../scripts/playground.mjs', import.meta.url));

/** How long a key in the playground takes until routes, differences and proof are drawn, in headless Chromium. */
export async function* playground() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] }).catch(() => undefined);
  if (browser === undefined) return yield ['playground', 'no Chromium', ''];
  const folder = mkdtempSync(join(tmpdir(), 'vs2route-bench-'));
  execFileSync(process.execPath, [script, '--build-only', '--output', folder]);
  for (const count of [10, 100]) {
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
    await page.goto(`file://${folder}/index.html`);
    await page.waitForSelector('.summary-head');
    const text = Array.from({ length: count }, (_, number) => virtualService(number)).join('---\n');
    await page.locator('.options summary').click();
    await page.locator('.options').getByLabel('Default port').fill('8080');
    await page.locator('.cm-content').click();
    await page.keyboard.press('Control+a');
    await page.evaluate(pasted => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.cm-content').dispatchEvent(paste);
      document.querySelector('.cm-scroller').scrollTop = 0;
    }, text);
    await page.locator('.summary-head h2', { hasText: `${count} VirtualServices` }).waitFor();
    const times = [];
    for (let key = 0; key < 20; key += 1) {
      // A path becomes longer by one letter, and shorter again.
      const took = await page.evaluate(async turn => {
        // What the key before this one asked for is drawn.
        await new Promise(done => setTimeout(done, 300));
        const content = document.querySelector('.cm-content');
        const lines = [...content.querySelectorAll('.cm-line')];
        const line = lines.find(one => /^\s+prefix: /.test(one.textContent)) ?? lines[0];
        const drawn = new Promise(done => {
          const seen = new MutationObserver(() => {
            seen.disconnect();
            requestAnimationFrame(() => setTimeout(() => done(performance.now())));
          });
          seen.observe(document.querySelector('.output'), {
            subtree: true,
            childList: true,
            characterData: true,
          });
        });
        const range = document.createRange();
        range.selectNodeContents(line);
        range.collapse(false);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        const start = performance.now();
        document.execCommand(turn % 2 === 0 ? 'insertText' : 'delete', false, 'x');
        return (await drawn) - start;
      }, key);
      times.push(took);
    }
    const sorted = times.toSorted((a, b) => a - b);
    yield [
      `playground, a file of ${count} VirtualServices`,
      `a key in ${Math.round(sorted[10])} ms (slowest ${Math.round(sorted[19])})`,
      '',
    ];
    await page.close();
  }
  rmSync(folder, { recursive: true, force: true });
  await browser.close();
}
