import type { FieldPath } from '../1-read/source.ts';
import { carryComments } from './carry-comments.ts';
import { commentsIn } from './comments.ts';
import type { Output } from './edit.ts';
import { type FileStyle, fileStyleOf } from './file-style.ts';
import { toManifest } from './manifest.ts';
import { printYaml, type YamlStyle } from './print.ts';

/** The texts that take an object's place, and what was lost on the way. */
export interface Replacement {
  /** One for each output, with plain line breaks between its lines and none at its end. */
  readonly documents: readonly string[];
  readonly lostComments: readonly string[];
}

/**
 * Prints what an object becomes, with the comments inside the object where their meaning is now.
 *
 * @param body the text of the object, as it stands in the file
 * @param outputs undefined when it becomes nothing else, but stays
 * @param base where in this text the object is: `[0]` for a list item with its dash
 */
export function replaceObject(
  body: string,
  base: FieldPath,
  outputs: readonly Output[] | undefined,
  style: FileStyle,
): Replacement {
  if (outputs === undefined) return { documents: [], lostComments: [] };
  const { yaml } = fileStyleOf(body, style);
  const comments = commentsIn(body);
  if (comments.length === 0) return { documents: printDocuments(outputs, yaml), lostComments: [] };
  const { documents, lost } = carryComments(comments, base, outputs, yaml);
  return { documents, lostComments: lost };
}

/** Prints objects without comments. */
export function printDocuments(outputs: readonly Output[], style: YamlStyle): readonly string[] {
  return outputs.map(({ resource }) => printYaml(toManifest(resource), style).trimEnd());
}
