import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { jsonReport, printJsonReport } from '../../src/reporters/json.ts';
import { conversion } from './sample.ts';

const schemaFile = new URL('../../schemas/report.schema.json', import.meta.url);
const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);
const unread = [{ path: 'secret.yaml', message: 'permission denied' }];

test('the report keeps to its schema', () => {
  validate(JSON.parse(printJsonReport(conversion, unread)));
  expect(validate.errors).toBeNull();
  validate(
    jsonReport({
      files: [],
      resources: [],
      outputs: [],
      edits: [],
      removed: new Set(),
      together: [],
      surroundings: [],
      assumptions: {},
      diagnostics: [],
    }),
  );
  expect(validate.errors).toBeNull();
});

test('the schema says no to what is not a report', () => {
  const report = jsonReport(conversion);
  const wrong = [
    { ...report, version: 2 },
    { ...report, resources: report.resources.map(resource => ({ ...resource, status: 'fine' })) },
    { ...report, resources: report.resources.map(({ line: _, ...resource }) => resource) },
    { ...report, diagnostics: [{}] },
  ];
  for (const value of wrong) expect(validate(value)).toBe(false);
});

test('every resource with its place, status, outputs, diagnostics and proof', () => {
  const { resources, diagnostics, summary, unread: missing } = jsonReport(conversion, unread);
  expect(
    resources.map(({ kind, namespace, name, file, line, status, outputs, proof }) => {
      return { kind, namespace, name, file, line, status, outputs, proof };
    }),
  ).toEqual([
    {
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'reviews',
      file: 'shop/reviews.yaml',
      line: 2,
      status: 'held-back',
      outputs: [],
      proof: undefined,
    },
    {
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'ratings',
      file: 'shop/reviews.yaml',
      line: 13,
      status: 'approximate',
      outputs: [{ kind: 'HTTPRoute', namespace: 'shop', name: 'ratings' }],
      proof: { requests: 1200, together: 1, sampled: false, differences: 3 },
    },
    {
      kind: 'DestinationRule',
      namespace: 'shop',
      name: 'ratings',
      file: 'shop/rules.yaml',
      line: 6,
      status: 'converted',
      outputs: [],
      proof: undefined,
    },
  ]);
  expect(resources[0]?.diagnostics[1]).toEqual({
    code: 'subset-assumed',
    severity: 'warning',
    fate: 'approximate',
    message: 'The subset is assumed',
    why: 'The Gateway API has no faults.',
    remedy: 'Delete `fault`, or inject the fault in the application.',
    path: 'spec.http[0].route[0].destination.subset',
    location: { file: 'shop/reviews.yaml', start: { line: 11, column: 44 }, end: { line: 11, column: 46 } },
    related: [
      {
        message: 'the subset',
        location: { file: 'shop/rules.yaml', start: { line: 10, column: 7 }, end: { line: 10, column: 15 } },
      },
    ],
  });
  // One that is about no resource is listed beside them, and nothing is listed twice.
  expect(diagnostics.map(({ code }) => code)).toEqual(['yaml-invalid']);
  expect(missing).toEqual(unread);
  expect(summary).toEqual({
    kinds: {
      VirtualService: { converted: 0, approximate: 1, 'held-back': 1, skipped: 0 },
      DestinationRule: { converted: 1, approximate: 0, 'held-back': 0, skipped: 0 },
    },
    outcomes: {
      VirtualService: { same: 0, prefixes: 1, differences: 0, 'not-converted': 1, unchanged: 0 },
      DestinationRule: { same: 1, prefixes: 0, differences: 0, 'not-converted': 0, unchanged: 0 },
    },
    reasons: {
      converted: [],
      approximate: [{ code: 'prefix-by-segment', count: 1 }],
      'held-back': [{ code: 'fault-injection', count: 1 }],
      skipped: [],
    },
    requests: { tried: 1200, differences: 3 },
  });
});
