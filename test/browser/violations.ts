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
    const said = await page.evaluate(async rules => {
      const { axe: run } = globalThis as unknown as {
        axe: {
          run: (
            context: Document,
            options: object,
          ) => Promise<{ violations: readonly { id: string; nodes: readonly { html: string }[] }[] }>;
        };
      };
      const only = rules === undefined ? {} : { runOnly: rules };
      const { violations: all } = await run.run(document, { ...only, resultTypes: ['violations'] });
      return all.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 300)}`));
    }, only);
    found.push(...said.map(one => `${view} ${scheme} ${width} ${one}`));
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) found.push(`${view} ${scheme} ${width} scrolls sideways by ${overflow}`);
  }
  return found;
}
