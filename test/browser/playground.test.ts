import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fragmentOf, sharedIn } from '../../src/page/playground/share.ts';
import { inChromium, open, useChromium } from './chromium.ts';
import { violations } from './violations.ts';

useChromium();

const folder = mkdtempSync(join(tmpdir(), 'vs2route-playground-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const address = pathToFileURL(join(folder, 'index.html')).href;

let server: ChildProcess | undefined;
let served = '';

beforeAll(async () => {
  const script = ['scripts/playground.mjs', '--output', folder];
  server = spawn(process.execPath, script, { stdio: ['ignore', 'pipe', 'inherit'] });
  served = await new Promise<string>((resolve, reject) => {
    server?.stdout?.once('data', (said: Buffer) => resolve(said.toString().trim()));
    server?.once('exit', code => reject(new Error(`the playground was not built: exit status ${code}`)));
  });
}, 60_000);
afterAll(() => {
  server?.removeAllListeners('exit');
  server?.kill();
});

const web = (match: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
spec:
  hosts:
  - web
  http:
  - match:
    - uri:
        ${match}
    route:
    - destination:
        host: api
        port:
          number: 80
  - route:
    - destination:
        host: web
        port:
          number: 80
`;

const titleOf = (page: Page) => page.locator('.summary-head h2');
const routesOf = (page: Page) => page.locator('.routes pre');

/** Puts the text of the editor in place of what is in it, as a paste does. */
async function paste(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

describe('the playground in a browser', () => {
  inChromium('shows routes, differences and proof of what is typed, and marks its lines', async () => {
    const { page, faults } = await open(address);
    await expect.poll(() => titleOf(page).textContent()).toBe('The VirtualService converts');
    await paste(page, web('prefix: /cart'));
    await expect.poll(() => routesOf(page).textContent()).toContain('value: /cart');
    expect(await page.locator('.counts').textContent()).toBe('≈ 1 only by segment');
    await expect.poll(() => page.locator('.cm-lintRange').allTextContents()).toContain('prefix: /cart');
    await page.getByRole('link', { name: /^Differences/ }).click();
    await page.locator('.diagnostic code', { hasText: 'prefix-by-segment' }).waitFor();
    const differing = page.locator('.requests .differing .request').first();
    expect(await differing.textContent()).toBe('GET web.shop/cartbar');
    await page.getByRole('link', { name: /^Proof/ }).click();
    expect(await page.locator('.requests .request').count()).toBe(3);
    // From what is said to its line in the editor, and on by typing.
    await page.getByRole('link', { name: /^Differences/ }).click();
    await page
      .locator('.diagnostic', { hasText: 'prefix-by-segment' })
      .locator('.place.jump')
      .first()
      .click();
    expect(await page.locator('.cm-activeLine').textContent()).toContain('prefix: /cart');
    await page.keyboard.press('End');
    await page.keyboard.type('/');
    await expect.poll(() => page.locator('.diagnostic').allTextContents()).not.toContain('/cartbar');
    await page.getByRole('link', { name: 'Routes' }).click();
    await paste(page, 'kind: VirtualService\nspec: [\n');
    await expect.poll(() => titleOf(page).textContent()).toBe('No VirtualService in the input');
    await expect.poll(() => page.locator('.cm-lint-marker-error').count()).toBe(1);
    expect(faults).toEqual([]);
  });

  inChromium('takes examples, options and several files, and gives them on by a link', async () => {
    const { page, faults } = await open(address);
    await page
      .getByLabel('Example')
      .selectOption({ label: 'What stays: a fault injection; retries convert for Gateway API 1.7' });
    await expect.poll(() => titleOf(page).textContent()).toBe('0 of 2 VirtualServices convert');
    await page.locator('.options summary').click();
    await page.locator('.options').getByLabel('Gateway API').selectOption('1.7');
    await expect.poll(() => titleOf(page).textContent()).toBe('1 of 2 VirtualServices convert');
    expect(await page.locator('.options code').textContent()).toBe('vs2route convert --gateway-api 1.7 .');
    await page.locator('input[type=file]').setInputFiles([
      { name: 'b.yaml', mimeType: 'text/yaml', buffer: Buffer.from(web('exact: /b')) },
      {
        name: '</script><img src=x onerror=alert(1)>.yaml',
        mimeType: '',
        buffer: Buffer.from('a: "<img src=x>"'),
      },
      { name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from([137, 0, 0, 1]) },
    ]);
    await expect.poll(() => titleOf(page).textContent()).toBe('2 of 3 VirtualServices convert');
    expect(await page.locator('.notice').textContent()).toBe('Not taken: picture.png is no text.');
    expect(await page.locator('.file-bar li').count()).toBe(4);
    const other = JSON.stringify(web('exact: /c').replaceAll('web', 'other'));
    await page.evaluate(`{
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${other}], 'c.yaml'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }`);
    await expect.poll(() => titleOf(page).textContent()).toBe('3 of 4 VirtualServices convert');
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('button', { name: 'Share' }).click();
    await expect
      .poll(() => page.locator('.notice').textContent())
      .toMatch(/holds 4 files, all of them behind the #/);
    const again = await open(page.url());
    await expect.poll(() => titleOf(again.page).textContent()).toBe('3 of 4 VirtualServices convert');
    expect(await again.page.locator('.options code').textContent()).toBe(
      'vs2route convert --gateway-api 1.7 .',
    );
    // A tab that is loaded anew has what was in it.
    await again.page.locator('.file-bar .remove').first().click();
    await expect.poll(() => titleOf(again.page).textContent()).toBe('All 2 VirtualServices convert');
    await again.page.waitForTimeout(600);
    await again.page.goto(address);
    await again.page.reload();
    await expect.poll(() => titleOf(again.page).textContent()).toBe('All 2 VirtualServices convert');
    const cut = await open(page.url().slice(0, -20));
    await expect.poll(() => cut.page.locator('.notice').textContent()).toMatch(/^The link is damaged/);
    expect([...faults, ...again.faults, ...cut.faults]).toEqual([]);
  });

  inChromium('asks no network, and could not: neither the page nor its worker', async () => {
    const { page, faults } = await open(`${address}#/trace?host=web.shop&path=/cartoons`);
    await page.getByLabel('Example').selectOption({ label: 'A prefix: /cart no longer matches /cartoons' });
    await page.getByRole('button', { name: 'Trace' }).click();
    const outcomes = page.locator('.traced').first().locator('.outcome');
    await expect
      .poll(() => outcomes.allTextContents())
      .toEqual([
        'goes to basket.shop:8080 with path /basketoons',
        'goes to web.shop:8080 with path /cartoons',
      ]);
    expect(faults).toEqual([]);
    const ask = "void fetch('http://127.0.0.1:1/').catch(() => undefined);";
    const refused = `new Promise(done => {
      addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
      ${ask}
    })`;
    expect(await page.evaluate(refused)).toBe('connect-src');
    const program = `addEventListener('securitypolicyviolation', event => postMessage(event.effectiveDirective)); ${ask}`;
    const refusedInWorker = `new Promise(done => {
      const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(program)}])));
      worker.onmessage = ({ data }) => done(data);
    })`;
    expect(await page.evaluate(refusedInWorker)).toBe('connect-src');
  });

  inChromium('axe-core finds nothing, light and dark, wide and on a phone', async () => {
    const { page } = await open(address);
    await page.getByLabel('Example').selectOption({ index: 3 });
    await expect.poll(() => titleOf(page).textContent()).toBe('0 of 2 VirtualServices convert');
    await page.locator('.cm-lint-marker-error').first().waitFor();
    const found = [...(await violations(page, 'routes'))];
    await page.getByRole('link', { name: /^Differences/ }).click();
    await page.locator('.options summary').click();
    await page.locator('.diagnostic').first().waitFor();
    found.push(...(await violations(page, 'differences')));
    expect(found).toEqual([]);
  });
});

test('it is served on loopback, and nothing else is', async () => {
  expect(served).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await fetch(served);
  expect(await page.text()).toBe(readFileSync(join(folder, 'index.html'), 'utf8'));
  const status = async (path: string, method = 'GET') =>
    (await fetch(new URL(path, served), { method })).status;
  expect([
    await status('package.json'),
    await status('..%2fpackage.json'),
    await status('/', 'POST'),
  ]).toEqual([404, 404, 405]);
  const taken = new URL(served).port;
  const run = (...args: readonly string[]) => {
    const { status: code, stderr } = spawnSync(process.execPath, ['scripts/playground.mjs', ...args], {
      encoding: 'utf8',
    });
    return [code, stderr.split('\n')[0]];
  };
  expect(run('--port', '99999')).toEqual([2, 'error: --port: 99999 is no port']);
  expect(run('--port', taken, '--output', folder)).toEqual([
    1,
    `error: port ${taken} is taken: choose another --port`,
  ]);
});

test('files and options of a link are read again, and nothing else is taken', () => {
  const work = {
    files: [{ path: 'a.yaml', text: 'ä: "\u{1f600}"\r\n' }],
    chosen: { from: 'ambient', defaultPort: 80 },
  } as const;
  expect(sharedIn(fragmentOf(work))).toEqual(work);
  expect(sharedIn('#/list')).toBe(undefined);
  expect(sharedIn('#share=')).toBe('damaged');
  expect(sharedIn('#share=%%%')).toBe('damaged');
  const forged = { files: work.files, chosen: { profile: 'evil', defaultPort: 99_999, limitRequests: 1 } };
  expect(sharedIn(fragmentOf(forged as unknown as typeof work))).toEqual({ files: work.files, chosen: {} });
  const bomb = deflateRawSync(JSON.stringify({ v: 1, files: [['a', 'a'.repeat(21_000_000)]] }));
  expect(sharedIn(`#share=${bomb.toString('base64url')}`)).toBe('damaged');
});
