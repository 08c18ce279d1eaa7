import type { Review } from '../review/review.ts';
import { type Annotation, printAnnotations } from './annotations.ts';
import { causeLine } from './review-words.ts';
import { verificationNotes } from './verify-notes.ts';

/** The changes of a pull request for requests, as annotations of the lines that cause them. */
export function reviewAnnotations({ causes, verification }: Review): string {
  const { addresses, missing } = verificationNotes(verification);
  const title = 'vs2route: routing changes';
  const all: readonly Annotation[] = [
    ...addresses.map(message => ({ level: 'warning' as const, properties: { title }, message })),
    ...causes.map(cause => ({
      level: cause.effect === 'lost' ? ('error' as const) : ('notice' as const),
      properties: {
        ...(cause.place === undefined ? {} : { file: cause.place.file, line: String(cause.place.line) }),
        title,
      },
      message: causeLine(cause),
    })),
    ...missing.map(message => ({ level: 'warning' as const, properties: { title }, message })),
  ];
  return printAnnotations(all, 'vs2route review tells them all');
}
