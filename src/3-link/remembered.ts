import type { AnyResource, Resource } from '../2-decode/resource.ts';
import { remember } from '../yaml/remember.ts';
import type { SourceDocument, SourceFile } from '../yaml/source.ts';
import { anew, type Derive, rememberDerived } from './derived.ts';
import { aloneClaims } from './environments/alternative-claims.ts';
import { linksOf } from './lots.ts';
import { namingDocuments } from './unread-texts.ts';

/** Answers that depend on one text or one object alone, so that somebody who converts again can keep them. */
export interface Remembered {
  /** Gives objects their namespaces and ports. */
  readonly derive: Derive;
  /** The documents of a text in which a name may stand. */
  readonly documents: (file: SourceFile) => readonly SourceDocument[];
  /** By what an object meets others. */
  readonly links: (resource: AnyResource) => readonly string[] | undefined;
  /** The hosts that a VirtualService has to itself. */
  readonly claims: (vs: Resource<'istio.VirtualService'>) => ReadonlySet<string>;
}

/** Works each answer out when it is asked for. */
export const nothingRemembered: Remembered = {
  derive: anew,
  documents: namingDocuments,
  links: linksOf,
  claims: aloneClaims,
};

/** @returns what keeps each answer as long as the text or the object is there */
export function remembering(): Remembered {
  return {
    derive: rememberDerived(),
    documents: remember(namingDocuments),
    links: remember(linksOf),
    claims: remember(aloneClaims),
  };
}
