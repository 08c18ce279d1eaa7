import { describe, expect, test } from 'vitest';
import { applyEdits } from '../src/6-emit/apply-edits.ts';
import { verify } from '../src/index.ts';
import { plainPalette } from '../src/reporters/palette.ts';
import { verificationText } from '../src/reporters/verify-text.ts';
import { caseFolders, convertCase } from './case-folders.ts';

/** `verify` knows nothing of how a tree came about: an exact conversion has to stand up to it, too. */
const exact = caseFolders().flatMap(folder => {
  const conversion = convertCase(folder);
  const isExact = conversion.resources.every(({ status }) => status !== 'approximate');
  const { profile, attach, gatewayMap } = folder.options;
  // Of a portable route nothing is promised but what it says; waypoints of others act on a Gateway parent alone; and
  // which listeners stand in for which Gateway is for the conversion to know.
  const isOnePromise =
    profile === 'istio' &&
    attach !== 'waypoint' &&
    gatewayMap.every(({ to }) => to.sectionName === undefined);
  // A Gateway that a conversion takes for granted is missing where the input shows others of its namespace.
  const isComplete = conversion.resources.every(({ diagnostics }) =>
    diagnostics.every(({ code }) => code !== 'gateway-assumed'),
  );
  return isExact && isOnePromise && isComplete && conversion.edits.length > 0
    ? [{ name: folder.name, folder, conversion }]
    : [];
});

describe('verify finds no difference in what convert says is exact', () => {
  test.each(exact)('$name', ({ folder, conversion }) => {
    const after = { ...folder.input, text: applyEdits(folder.input, conversion.edits).text ?? '' };
    const verification = verify([folder.input], [after], folder.facts, folder.options);
    expect(verificationText(verification, plainPalette)).toMatch(/^same: /);
  });
});
