import { type Code, catalog } from '../diagnostics/catalog.ts';
import { pageOf } from '../print/codes.ts';
import { code } from './markdown.ts';

const repository = 'https://github.com/vs2route/vs2route/blob/main';

/** Where the documents of this program are read. */
export const DOCUMENTS = `${repository}/docs`;

/** @returns a code as a link to its page, in Markdown; one that no page is about stays code */
export function codeLink(id: string): string {
  return Object.hasOwn(catalog, id) ? `[${code(id)}](${repository}/${pageOf(id as Code)})` : code(id);
}
