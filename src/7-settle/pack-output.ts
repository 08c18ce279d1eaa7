import type { Output } from '../6-emit/edit.ts';

/** The parts of an output that are data. */
type Data = Pick<Output, 'resource' | 'origins'>;

/**
 * Keeps an output as text, a tenth of what its objects take, and reads it again when somebody asks for it. As long as they
 * hold on to what they got, they get the same object again.
 *
 * @returns the output itself where it leads to objects that were read, or is put together when somebody asks as it is
 */
export function packOutput(output: Output): Output {
  if (Object.getOwnPropertyDescriptor(output, 'resource')?.get !== undefined) return output;
  const { resource, origins, scopes: _, ...rest } = output;
  if (resource.source !== undefined || origins.some(({ delegate }) => delegate !== undefined)) return output;
  const text = JSON.stringify({ resource, origins } satisfies Data);
  let held: WeakRef<Data> | undefined;
  const data = (): Data => {
    const known = held?.deref();
    if (known !== undefined) return known;
    // It was written a few lines above.
    const read = JSON.parse(text) as Data;
    held = new WeakRef(read);
    return read;
  };
  return {
    ...rest,
    get resource() {
      return data().resource;
    },
    get origins() {
      return data().origins;
    },
  };
}
