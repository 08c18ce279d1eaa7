import type { Review, ReviewCause } from '../review/review.ts';
import { fingerprint } from '../suggest/fingerprint.ts';
import { causeLine } from './review-words.ts';

const rules = [
  { id: 'requests-lost', level: 'error', text: 'Requests no longer get to anybody' },
  { id: 'requests-changed', level: 'warning', text: 'Requests are treated otherwise' },
] as const;

/** The changes of a pull request for requests, for code scanning; also when there are none, so that old alerts close. */
export function reviewSarif({ causes }: Review, version: string): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vs2route review',
            semanticVersion: version,
            rules: rules.map(({ id, level, text }) => ({
              id,
              shortDescription: { text },
              defaultConfiguration: { level },
            })),
          },
        },
        automationDetails: { id: 'vs2route-review/' },
        columnKind: 'utf16CodeUnits',
        results: causes.flatMap(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Code scanning takes no result without a place. */
function resultOf(cause: ReviewCause): readonly object[] {
  const { place, effect, object } = cause;
  if (place === undefined) return [];
  const index = effect === 'lost' ? 0 : 1;
  const rule = rules[index];
  return [
    {
      ruleId: rule.id,
      ruleIndex: index,
      level: rule.level,
      message: { text: causeLine(cause) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: encodeURI(place.file) },
            region: { startLine: place.line },
          },
        },
      ],
      partialFingerprints: {
        primaryLocationLineHash: `${fingerprint(rule.id, place.file, object ?? '')}:1`,
      },
    },
  ];
}
