import { type Comment, commentsIn } from './comments.ts';
import type { Output } from './edit.ts';
import type { FileStyle } from './file-style.ts';
import { objectTextOf } from './object-text.ts';
import { printDocuments, replaceObject } from './replace-object.ts';

/** Whether an output stands for a subset, and comes from the DestinationRule that has it. */
export function isOfVersion({ neededBy }: Output): boolean {
  return neededBy !== undefined;
}

/**
 * Writes the Service of a version, or its DestinationRule, with the comments of the subset. They are copied from the
 * DestinationRule wherever the object is written, and whether the subset stays or goes, so that all ways lead to the same
 * bytes.
 */
export function versionDocument(output: Output, style: FileStyle): string {
  const { document, path } = output.home;
  // An item of a List has its comments nowhere else.
  if (path.length > 0) return printDocuments([output], style.yaml).join('');
  const { body } = objectTextOf(document.file.text.slice(document.range.start, document.range.end), 0);
  const comments = commentsIn(body).filter(comment => isAbout(comment, output));
  return replaceObject(body, [], [output], style, comments).documents.join('');
}

/** A Service has nothing to do with the policy of its subset, which has a DestinationRule of its own. */
function isAbout({ path }: Comment, { resource, origins }: Output): boolean {
  if (resource.type === 'core.Service' && path[3] === 'trafficPolicy') return false;
  return origins.some(({ input }) => input.every((key, depth) => path[depth] === key));
}
