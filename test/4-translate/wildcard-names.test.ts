import { expect, test } from 'vitest';
import { caseFolders, convertCase } from '../case-folders.ts';

/** @returns why a wildcard becomes a list of Services, in one case */
function whyExpanded(name: string): string | undefined {
  const folder = caseFolders().find(one => one.name === `data-plane/${name}`);
  return folder === undefined
    ? undefined
    : convertCase(folder).diagnostics.find(({ code }) => code === 'host-wildcard-expanded')?.why;
}

const listed = 'A route lists its Services by name. Services that are created later are not included.';

test('names without a Service are told of where some client of the Service has a sidecar', () => {
  expect(whyExpanded('wildcard-where-some-clients-have-sidecars')).toBe(
    `${listed} Today sidecars also match names without a Service, at port 80; the route does not.`,
  );
  expect(whyExpanded('wildcard-where-no-client-has-a-sidecar')).toBe(listed);
});
