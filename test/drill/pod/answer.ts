/** What a client got. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What it looked like where it arrived; undefined when a proxy answered. */
  readonly echo: Echo | undefined;
  /** Why a proxy answered, in its words. */
  readonly body?: string;
  /** The listener ended the handshake: it has nothing for that name. */
  readonly refused?: boolean;
}

/** A request as it arrived. */
export interface Echo {
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A response header that holds the echo, so that a HEAD request tells too. */
export const echoHeader = 'x-drill-echo';
