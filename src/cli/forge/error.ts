/** A request that came to nothing. */
export class ForgeError extends Error {
  /**
   * `denied`: we may not, or must not know. `rejected`: the forge does not take what was sent. `limited`: too many
   * requests, for longer than we wait. `down`: no answer, or that of a server in trouble.
   */
  readonly kind: 'denied' | 'rejected' | 'limited' | 'down';
  readonly status: number | undefined;

  constructor(kind: ForgeError['kind'], status: number | undefined, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}
