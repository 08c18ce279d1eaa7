/**
 * Reads a message of Envoy's from its JSON, and remembers which fields were read. What is left over is an error: a field
 * that nobody evaluates could change what happens to a request without anybody noticing.
 */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #at: string;
  readonly #seen = new Set<string>();

  constructor(value: unknown, at: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error(`${at}: no message`);
    this.#value = value as Readonly<Record<string, unknown>>;
    this.#at = at;
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined && this.#value[name] !== null;
  }

  isEmpty(): boolean {
    return Object.keys(this.#value).length === 0;
  }

  /** Fields that have no bearing on what happens to a request. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#seen.add(name);
  }

  text(name: string): string | undefined {
    return this.#read(name, value => (typeof value === 'string' ? value : undefined));
  }

  flag(name: string): boolean | undefined {
    return this.#read(name, value => (typeof value === 'boolean' ? value : undefined));
  }

  /** A number; protojson writes those of 64 bits as text. */
  number(name: string): number | undefined {
    return this.#read(name, value => {
      const number = typeof value === 'string' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    });
  }

  /** A google.protobuf.Duration, in milliseconds. */
  duration(name: string): number | undefined {
    return this.#read(name, value => {
      const seconds = typeof value === 'string' ? /^(-?\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined;
      return seconds === undefined ? undefined : Number((Number(seconds) * 1000).toFixed(6));
    });
  }

  texts(name: string): readonly string[] {
    return this.#list(name).map((item, index) => {
      if (typeof item !== 'string') throw new Error(`${this.#at}.${name}[${index}]: no text`);
      return item;
    });
  }

  /** A list of whatever it holds. */
  values(name: string): readonly unknown[] {
    return this.#list(name);
  }

  /** Reads a message, all of it. */
  message<Result>(name: string, read: (fields: Fields) => Result): Result | undefined {
    this.#seen.add(name);
    return this.has(name) ? readMessage(this.#value[name], `${this.#at}.${name}`, read) : undefined;
  }

  /** Reads every message of a list. */
  messages<Result>(name: string, read: (fields: Fields) => Result): readonly Result[] {
    return this.#list(name).map((item, index) => readMessage(item, `${this.#at}.${name}[${index}]`, read));
  }

  #list(name: string): readonly unknown[] {
    this.#seen.add(name);
    const value = this.#value[name] ?? [];
    if (!Array.isArray(value)) throw new Error(`${this.#at}.${name}: no list`);
    return value;
  }

  #read<Value>(name: string, convert: (value: unknown) => Value | undefined): Value | undefined {
    this.#seen.add(name);
    if (!this.has(name)) return undefined;
    const value = convert(this.#value[name]);
    if (value === undefined) throw new Error(`${this.#at}.${name}: ${JSON.stringify(this.#value[name])}`);
    return value;
  }

  /** @throws when a field was not read */
  finish(): void {
    const rest = Object.keys(this.#value).filter(name => this.has(name) && !this.#seen.has(name));
    if (rest.length > 0) throw new Error(`${this.#at}: nobody evaluates ${rest.join(', ')}`);
  }
}

/**
 * @param at where the message stands, for errors
 * @throws when the message holds a field that `read` neither reads nor ignores
 */
export function readMessage<Result>(value: unknown, at: string, read: (fields: Fields) => Result): Result {
  const fields = new Fields(value, at);
  const result = read(fields);
  fields.finish();
  return result;
}
