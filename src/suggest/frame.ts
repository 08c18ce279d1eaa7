import { DOCUMENTS } from './code-page.ts';
import { CONVERTIBLE } from './convertible.ts';
import type { Filter, Item } from './items.ts';
import type { Wording } from './wording.ts';

/** The last line of a comment: why it is here, whether it may be ignored, and how to be rid of it. */
export function frameOf(item: Item, { dialect, filter }: Pick<Wording, 'dialect' | 'filter'>): string {
  return `<sub>${reasonOf(item, filter, dialect.request)} ${safetyOf(item)} To be rid of it: ${ridOf(item)}. <a href="${DOCUMENTS}/pull-request-bot.md">About this comment</a></sub>`;
}

/** The same for a comment on many things. */
export function frameOfAll({ dialect: { request } }: Pick<Wording, 'dialect'>): string {
  return `<sub>vs2route tells which VirtualServices of this ${request} can be routes, and which cannot yet. Safe to ignore where nothing is said to fail. To be rid of it: comment <code>/vs2route off</code>, or annotate an object with <code>vs2route/ignore: "CODE: why"</code>. <a href="${DOCUMENTS}/pull-request-bot.md">About this comment</a></sub>`;
}

function reasonOf({ kind }: Item, filter: Filter, request: string): string {
  switch (kind) {
    case 'change':
    case 'held-back':
      return `Here because this ${request} ${filter === 'new' ? 'adds' : 'changes'} the object.`;
    case 'failing':
      return `Here because this ${request} ${filter === 'new' ? 'adds' : 'changes'} an object whose requests fail.`;
    case 'loss':
      return `Here because this ${request} removes something that is used.`;
    case 'problem':
      return `Here because this ${request} changes the file.`;
  }
}

function safetyOf({ kind }: Item): string {
  switch (kind) {
    case 'change':
    case 'held-back':
      return 'Safe to ignore: it works as it is.';
    case 'failing':
      return 'Do not ignore it where these requests are to be answered.';
    case 'loss':
      return 'Do not ignore it: requests fail after the merge.';
    case 'problem':
      return 'Look at it before the merge: the API server may refuse the object.';
  }
}

/** An annotation is of an object that is there, and that says so of one of its codes. */
function ridOf({ kind, diagnostics }: Item): string {
  const off = '<code>/vs2route off</code>';
  const [first] = diagnostics;
  const id = kind === 'change' ? CONVERTIBLE : first?.code;
  return kind === 'loss' || kind === 'problem' || id === undefined
    ? `reply here, or comment ${off}`
    : `reply here, comment ${off}, or annotate the object with <code>vs2route/ignore: "${id}: why"</code>`;
}
