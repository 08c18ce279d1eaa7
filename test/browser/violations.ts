import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How a page is looked at. */
interface Look {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  /** Other colours change nothing but contrasts. */
  readonly only?: readonly string[];
}

const looks: readonly Look[] = [
  { scheme: 'light', width: 1300 },
  { scheme: 'light', width: 400 },
  { scheme: 'dark', width: 1300, only: ['color-contrast'] },
];

/** What axe-core objects to, by rule and element: wide and on a phone, light and dark; and what scrolls sideways. */
export async function violations(page: Page, view: string): Promise<readonly string[]> {
  const found: string[] = [];
  // The page's own policy lets no other script in, so that axe comes by the protocol of the browser.
  await page.evaluate(axe);
  for (const { scheme, width, only } of looks) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    const options = JSON.stringify({ ...(only && { runOnly: only }), resultTypes: ['violations'] });
    const said = await page.evaluate<readonly string[]>(
      `axe.run(document, ${options}).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 300))))`,
    );
    found.push(...said.map(one => `${view} ${scheme} ${width} ${one}`));
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) found.push(`${view} ${scheme} ${width} scrolls sideways by ${overflow}`);
  }
  return found;
}
