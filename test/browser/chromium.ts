import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, test, vi } from 'vitest';

/** Where Debian, Ubuntu, Fedora and the runners of GitHub have a Chromium; `CHROMIUM` names another. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const program = [process.env['CHROMIUM'], ...places].find(path => path !== undefined && existsSync(path));

/** A test in the system's Chromium; without one it is skipped, which the summary of a run shows. */
export const inChromium = test.skipIf(program === undefined);

let browser: Browser | undefined;

/** Starts Chromium for the tests of a file. */
export function useChromium(): void {
  // Machines of CI are slow, and a page is more than a function.
  vi.setConfig({ testTimeout: 240_000 });
  beforeAll(async () => {
    if (program === undefined)
      process.stderr.write('No Chromium is installed: tests of pages are skipped.\n');
    else browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });
}

/** An open page, with what went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors of the console, exceptions, and requests to anything but the page itself. */
  readonly faults: readonly string[];
}

/** Opens an address; the page is closed with its browser. */
export async function open(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<OpenPage> {
  if (browser === undefined) throw new Error('useChromium() has to be called in the file');
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 }, ...options });
  const faults: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => {
    if (!/^(?:file|blob|data):/.test(request.url()) && new URL(request.url()).hostname !== '127.0.0.1')
      faults.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}
