import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exitStatuses, Failure, failureOf } from './failure.ts';
import { findPorts } from './ports.ts';
import { preparePrograms } from './programs.ts';

test('without Go the drill is skipped', () => {
  const empty = mkdtempSync(join(tmpdir(), 'vs2route-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(empty, { recursive: true });
  });
  vi.stubEnv('PATH', empty);
  expect(() => preparePrograms(empty, () => undefined)).toThrow(new Failure('skipped', 'Go is not there'));
});

test('a port that somebody listens on is told of', async () => {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  await expect(findPorts(port)).rejects.toMatchObject({
    reason: 'port-taken',
    message: `listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
  });
});

test('free ports differ', async () => {
  const ports = Object.values(await findPorts(0));
  expect(new Set(ports).size).toBe(7);
});

test.each([
  ['ENOSPC', 'no-space', 4],
  ['EADDRINUSE', 'port-taken', 3],
  ['EACCES', 'drill-failed', 1],
] as const)('%s is %s', (code, reason, status) => {
  const failure = failureOf(Object.assign(new Error('it happened'), { code }));
  expect(failure.reason).toBe(reason);
  expect(exitStatuses[failure.reason]).toBe(status);
});
