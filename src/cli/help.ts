import { Help } from 'commander';

/** Columns of help: it fits a terminal of the usual width, and stays readable in a wide one. */
export const HELP_WIDTH = 80;

/** Longer terms have their description below. */
const WIDEST_TERM = 36;
const INDENT = 2;

/** The layout of `--help`, for `Command.configureHelp`. */
export const helpLayout: Partial<Help> = {
  minWidthToWrap: 20,
  padWidth: (command, helper) => Math.min(WIDEST_TERM, Help.prototype.padWidth.call(helper, command, helper)),
  formatItem: (term, termWidth, description, helper) => {
    const format = (left: string, right: string): string =>
      Help.prototype.formatItem.call(helper, left, termWidth, right, helper);
    if (helper.displayWidth(term) <= termWidth) return format(term, description);
    const below = description === '' ? '' : `\n${format('', description)}`;
    return `${brokenTerm(term)}${below}`;
  },
};

/** A list of choices that does not fit goes on in the next line. */
function brokenTerm(term: string): string {
  const limit = HELP_WIDTH - 2 * INDENT;
  const lines = [term];
  for (let last = term; last.length > limit; last = lines.at(-1) ?? '') {
    const cut = last.lastIndexOf('|', limit);
    if (cut <= 0) break;
    lines.splice(-1, 1, last.slice(0, cut), `  ${last.slice(cut)}`);
  }
  return lines.map(line => `${' '.repeat(INDENT)}${line}`).join('\n');
}
