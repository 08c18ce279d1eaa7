import type { Output } from '../6-emit/edit.ts';

/** The parts of an output that are there from the beginning. */
export type Unmade = Omit<Output, 'resource' | 'origins' | 'scopes'>;

/**
 * An output whose object is made anew whenever somebody asks, and not kept: a weak reference would keep it until the program
 * waits for something, which is after all of a large input is printed. The properties are its own, as those of other
 * outputs are, and their getters are the same for all, so that all have one form.
 */
export abstract class LaterOutput implements Output {
  declare readonly resource: Output['resource'];
  declare readonly origins: Output['origins'];
  declare readonly neededBy?: NonNullable<Output['neededBy']>;
  readonly home: Output['home'];

  constructor({ home, neededBy }: Unmade) {
    this.home = home;
    if (neededBy !== undefined) this.neededBy = neededBy;
    Object.defineProperties(this, getters);
  }

  abstract makeResource(): Output['resource'];
  abstract makeOrigins(): Output['origins'];
}

const getters: PropertyDescriptorMap & ThisType<LaterOutput> = {
  resource: {
    enumerable: true,
    get() {
      return this.makeResource();
    },
  },
  origins: {
    enumerable: true,
    get() {
      return this.makeOrigins();
    },
  },
};

/** Tells whether the object of an output is made when somebody asks. */
export function isMadeLater(output: Output): boolean {
  return output instanceof LaterOutput;
}
