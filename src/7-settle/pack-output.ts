import type { Output } from '../6-emit/edit.ts';
import { isMadeLater, LaterOutput } from './later-output.ts';

/** The parts of an output that are data. */
type Data = Pick<Output, 'resource' | 'origins'>;

/**
 * Keeps an output as text, a tenth of what its objects take, and reads it again when somebody asks for it.
 *
 * @returns the output itself where it leads to objects that were read, or is put together when somebody asks as it is
 */
export function packOutput(output: Output): Output {
  if (isMadeLater(output)) return output;
  const { resource, origins } = output;
  if (resource.source !== undefined || origins.some(({ delegate }) => delegate !== undefined)) return output;
  return new PackedOutput(output);
}

class PackedOutput extends LaterOutput {
  readonly #text: string;

  constructor(output: Output) {
    super(output);
    const { resource, origins } = output;
    this.#text = JSON.stringify({ resource, origins } satisfies Data);
  }

  makeResource(): Output['resource'] {
    return this.#data().resource;
  }

  makeOrigins(): Output['origins'] {
    return this.#data().origins;
  }

  #data(): Data {
    // It was written when this was made.
    return JSON.parse(this.#text) as Data;
  }
}
