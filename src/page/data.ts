import { inflateSync, strFromU8 } from 'fflate';
import { CHUNK, type PageDetail, type PageIndex, type PageReference } from '../reporters/page/page-data.ts';

/** Unpacks a text that `pack` packed into the page. */
export function unpackText(id: string): string {
  const packed = document.getElementById(`data-${id}`)?.textContent ?? '';
  const bytes = atob(packed);
  const held = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) held[at] = bytes.charCodeAt(at);
  return strFromU8(inflateSync(held));
}

/** Unpacks a value that `pack` packed into the page. */
export function unpack<T>(id: string): T {
  return JSON.parse(unpackText(id)) as T;
}

export function readIndex(): PageIndex {
  return unpack<PageIndex>('index');
}

export function readReferences(): readonly PageReference[] {
  return unpack<readonly PageReference[]>('reference');
}

/** The details of objects, by their positions in the list of all. */
export interface Details {
  readonly at: (position: number) => PageDetail | undefined;
}

/** Details that are unpacked when one of them is first looked at. */
export class PackedDetails implements Details {
  readonly #chunks = new Map<number, readonly PageDetail[]>();

  /** @param position of the object in the list of all */
  at(position: number): PageDetail | undefined {
    const number = Math.floor(position / CHUNK);
    const chunk = this.#chunks.get(number) ?? unpack<readonly PageDetail[]>(`chunk-${number}`);
    this.#chunks.set(number, chunk);
    return chunk[position % CHUNK];
  }
}
