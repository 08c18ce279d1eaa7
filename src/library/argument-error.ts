/** Thrown by the functions of the library for what the caller got wrong; what is wrong with a manifest is a diagnostic. */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
  /** The argument, and the part of it that is wrong: `files[1].text`, `options.profile`. */
  readonly argument: string;

  /** @param expected what belongs there, as in `has to be a text` */
  constructor(argument: string, expected: string) {
    super(`${argument} ${expected}`);
    this.argument = argument;
  }
}
