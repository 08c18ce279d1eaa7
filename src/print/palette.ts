/** Colours for people; whoever prints decides whether there are any. */
export interface Palette {
  readonly error: Paint;
  readonly warning: Paint;
  readonly info: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
}

type Paint = (text: string) => string;

const unpainted: Paint = text => text;

const sgr =
  (code: number): Paint =>
  text =>
    text === '' ? text : `\u001b[${code}m${text}\u001b[0m`;

/** No colours: for files, pipes and people who do not want any. */
export const plainPalette: Palette = {
  error: unpainted,
  warning: unpainted,
  info: unpainted,
  strong: unpainted,
  faint: unpainted,
  good: unpainted,
};

/** The sixteen colours that every terminal has, in the shades that its owner has chosen. */
export const ansiPalette: Palette = {
  error: sgr(31),
  warning: sgr(33),
  info: sgr(36),
  strong: sgr(1),
  faint: sgr(2),
  good: sgr(32),
};
