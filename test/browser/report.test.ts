import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect } from 'vitest';
import { placeWith } from '../cli/run.ts';
import { runHere, shopService } from '../cli/shop.ts';
import { inChromium, open, useChromium } from './chromium.ts';
import { violations } from './violations.ts';

useChromium();

const folder = mkdtempSync(join(tmpdir(), 'vs2route-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function virtualService(name: string, http: string, namespace = 'shop'): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts:
  - ${name}
  http:
${http}`;
}

const to = (host: string): string => `    route:\n    - destination:\n        host: ${host}\n`;

/** One VirtualService for each result, and one whose texts are markup. */
const files = {
  'same.yaml': virtualService('same', `  -${to('same').slice(3)}`),
  'segment.yaml': virtualService(
    'segment',
    `  - match:\n    - uri:\n        prefix: /foo\n${to('same')}  -${to('segment').slice(3)}`,
  ),
  'slow.yaml': virtualService(
    'slow',
    `  - match:\n    - uri:\n        prefix: /a\n      headers:\n        x-user:\n          exact: jason\n    rewrite:\n      uri: /\n${to('same')}  -${to('slow').slice(3)}`,
  ),
  'faulty.yaml': virtualService(
    'faulty',
    `  - fault:\n      delay:\n        fixedDelay: 5s\n        percentage:\n          value: 10\n${to('faulty')}`,
  ),
  'hostile.yaml': virtualService(
    'hostile',
    `  - match:\n    - headers:\n        x-note:\n          exact: "</script><img src=x onerror=alert(1)>"\n        authorization:\n          exact: Bearer abcdefghijklmnop123456\n${to('hostile')}  -${to('hostile').slice(3)}`,
  ),
  'services.yaml': ['same', 'segment', 'slow', 'faulty', 'hostile']
    .map(name => shopService(name))
    .join('---\n'),
};

const made = { url: '', text: '' };

/** The report of these files, made once. */
async function reportUrl(): Promise<string> {
  if (made.url !== '') return made.url;
  const args = ['report', '--format', 'html', '--fail-on', 'never', '--date', '2026-01-31'];
  const { stdout, code } = await runHere(placeWith(files), args);
  expect(code).toBe(0);
  const path = join(folder, 'report.html');
  writeFileSync(path, stdout);
  made.text = stdout;
  made.url = pathToFileURL(path).href;
  return made.url;
}

async function rows(page: Page): Promise<readonly string[]> {
  return (await page.locator('.rows b').allTextContents()).map(text => text.trim());
}

describe('the report in a browser', () => {
  inChromium('the head counts the results, and its numbers filter the list', async () => {
    const { page, faults } = await open(await reportUrl());
    expect(await page.locator('h1').first().textContent()).toBe('4 of 5 VirtualServices convert');
    expect(await page.locator('.tile b').allTextContents()).toEqual(['2', '1', '1', '1']);
    expect(await page.locator('.run').textContent()).toContain('2026-01-31');
    await page.locator('.tile.not').click();
    await expect.poll(() => rows(page)).toEqual(['shop/faulty']);
    expect(page.url()).toMatch(/#\/list\?fate=not&kind=VirtualService$/);
    await page.locator('.reset').click();
    await expect.poll(async () => (await rows(page)).length).toBe(5);
    expect(await page.locator('.next a').first().textContent()).toBe('shop/faulty');
    expect(faults).toEqual([]);
  });

  inChromium('search finds names, hosts, codes and messages, and stands in the address', async () => {
    const { page, faults } = await open(await reportUrl());
    await page.locator('.row').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('fault-');
    await expect.poll(() => rows(page)).toEqual(['shop/faulty']);
    expect(page.url()).toMatch(/q=fault-/);
    await page.locator('#search').fill('segment');
    await expect.poll(() => rows(page)).toContain('shop/segment');
    await page.locator('#search').fill('no such thing');
    await page.getByText('No object matches.').waitFor();
    const again = await open(page.url().replace(/q=[^&]*/, 'q=hostile'));
    await expect.poll(() => rows(again.page)).toEqual(['shop/hostile']);
    expect([...faults, ...again.faults]).toEqual([]);
  });

  inChromium('rows are sorted and grouped as the address says', async () => {
    const { page, faults } = await open(`${await reportUrl()}#/list?sort=name&group=status`);
    expect(await page.locator('.rows .heading').allTextContents()).toEqual([
      'not converted 1',
      'with differences 1',
      'only by segment 1',
      'no difference 2',
    ]);
    const files = page.locator('label.choice', { hasText: /^File/ }).locator('select');
    await files.selectOption('slow.yaml');
    await expect.poll(() => rows(page)).toEqual(['shop/slow']);
    await files.selectOption('');
    await page.getByLabel('Group').selectOption('');
    await expect
      .poll(() => rows(page))
      .toEqual(['shop/faulty', 'shop/hostile', 'shop/same', 'shop/segment', 'shop/slow']);
    expect(faults).toEqual([]);
  });

  inChromium('an object stands beside what takes its place, with its requests', async () => {
    const { page, faults } = await open(`${await reportUrl()}#/object/VirtualService/shop/slow`);
    expect(await page.locator('article h1').textContent()).toBe('VirtualService shop/slow');
    expect(await page.locator('.line.before').first().textContent()).toContain(
      'apiVersion: networking.istio.io/v1',
    );
    expect(await page.locator('.line.after').allTextContents()).toContainEqual(
      expect.stringContaining('kind: HTTPRoute'),
    );
    expect(await page.locator('.sides .diagnostic code.code').allTextContents()).toContain('rewrite-slashes');
    const first = page.locator('.requests tbody tr').first();
    expect(await first.getAttribute('class')).toBe('differing');
    expect(await first.locator('.curl').textContent()).toMatch(/^curl .*'http:\/\/slow\.shop:8080\//);
    expect(faults).toEqual([]);
  });

  inChromium('a request of the table is traced by the engine in the page', async () => {
    const { page, faults } = await open(`${await reportUrl()}#/object/VirtualService/shop/segment`);
    await page.locator('.requests').getByText('Trace').first().click();
    await page.waitForSelector('.traced', { timeout: 30_000 });
    expect(await page.locator('.traced h2').first().textContent()).toMatch(/^(?:sidecar|waypoint)/);
    await page.locator('input[name=host]').fill('segment.shop');
    await page.locator('input[name=path]').fill('/foobar');
    await page.getByRole('button', { name: 'Trace' }).click();
    const answer = page.locator('.traced').first();
    await page.locator('.trace code', { hasText: '/foobar' }).first().waitFor();
    expect(await answer.locator('.outcome').allTextContents()).toEqual([
      'goes to same.shop:8080 with path /foobar',
      'goes to segment.shop:8080 with path /foobar',
    ]);
    expect(await answer.textContent()).toContain('segment.yaml:');
    await page.locator('input[name=host]').fill('nobody');
    await page.getByRole('button', { name: 'Trace' }).click();
    await page.getByText('Nothing in the input names this host.').waitFor();
    expect(faults).toEqual([]);
  });

  inChromium('steps of the plan stay ticked', async () => {
    const { page, faults } = await open(`${await reportUrl()}#/plan`);
    await page.getByRole('checkbox').first().check();
    await page.reload();
    expect(await page.getByRole('checkbox').first().isChecked()).toBe(true);
    expect(await page.locator('.plan').textContent()).toMatch(/1 of \d steps are done/);
    expect(faults).toEqual([]);
  });

  inChromium('everything is reached by the keyboard', async () => {
    const { page } = await open(`${await reportUrl()}#/list?sort=name`);
    await page.locator('.row').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('article h1').waitFor();
    expect(await page.locator('article h1').textContent()).toBe('VirtualService shop/hostile');
    await page.goBack();
    await expect.poll(async () => (await rows(page)).length).toBe(5);
  });

  inChromium('a printer gets every object that the filter lets through', async () => {
    const { page } = await open(`${await reportUrl()}#/list?kind=VirtualService`);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#paper article h1').allTextContents()).toHaveLength(5);
    expect(await page.locator('#app').isVisible()).toBe(false);
    expect(await page.locator('#paper .requests').first().isVisible()).toBe(true);
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0).toBeGreaterThanOrEqual(6);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await page.locator('#paper article').count()).toBe(0);
  });

  inChromium('texts of manifests are no markup, and credentials are not shown', async () => {
    const { page, faults } = await open(`${await reportUrl()}#/object/VirtualService/shop/hostile`);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.sides').textContent()).toContain('</script><img src=x onerror=alert(1)>');
    expect(await page.locator('body').textContent()).not.toContain('abcdefghijklmnop');
    expect(made.text).not.toMatch(/<img|abcdefghijklmnop/);
    expect(faults).toEqual([]);
  });

  inChromium('the page can be read without scripts', async () => {
    const { page, faults } = await open(await reportUrl(), { javaScriptEnabled: false });
    const text = await page.locator('body').innerText();
    for (const part of [
      '4 of 5 VirtualServices convert',
      'To do next',
      'shop/faulty',
      'faulty.yaml',
      'Cut-over plan',
    ])
      expect(text).toContain(part);
    expect(faults).toEqual([]);
  });

  inChromium('axe-core finds nothing, light and dark, wide and on a phone', async () => {
    const { page } = await open(await reportUrl());
    const found: string[] = [];
    for (const view of ['#/list', '#/object/VirtualService/shop/slow', '#/plan', '#/trace?host=slow.shop']) {
      await page.evaluate(`location.hash = ${JSON.stringify(view)}`);
      await page
        .locator(waitFor[view.split(/[/?]/)[1] ?? ''] ?? '')
        .first()
        .waitFor();
      found.push(...(await violations(page, view)));
    }
    expect(found).toEqual([]);
  });
});

/** What is there once a view is drawn. */
const waitFor: Readonly<Record<string, string>> = {
  list: '.row',
  object: 'article h1',
  plan: '.plan',
  trace: '.traced',
};
