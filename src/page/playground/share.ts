import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import type { SourceFile } from '../../yaml/source.ts';
import { type Chosen, chosenIn } from './choices.ts';

/** Files and options that an address holds. */
export interface Shared {
  readonly files: readonly SourceFile[];
  readonly chosen: Chosen;
}

/** The text before the packed text in the fragment, which browsers send nowhere. */
const MARK = '#share=';

/** Texts that grow beyond this when they are unpacked are refused, in bytes. */
const MOST_BYTES = 20_000_000;

/** @returns the fragment of an address that holds files and options */
export function fragmentOf({ files, chosen }: Shared): string {
  const text = JSON.stringify({ v: 1, files: files.map(({ path, text: one }) => [path, one]), chosen });
  return MARK + base64url(deflateSync(strToU8(text), { level: 9 }));
}

/**
 * Reads a fragment that others may have made.
 *
 * @returns undefined where it holds no files; `damaged` where it was cut off, or is too large
 */
export function sharedIn(fragment: string): Shared | 'damaged' | undefined {
  if (!fragment.startsWith(MARK)) return undefined;
  try {
    const packed = bytesOf(fragment.slice(MARK.length));
    // The buffer has room for so much: what unpacks to more fails.
    const bytes = inflateSync(packed, {
      out: new Uint8Array(Math.min(MOST_BYTES, packed.length * 1032 + 64)),
    });
    const value: unknown = JSON.parse(strFromU8(bytes));
    if (typeof value !== 'object' || value === null) return 'damaged';
    const { v, files, chosen } = value as Readonly<Record<string, unknown>>;
    if (v !== 1 || !Array.isArray(files)) return 'damaged';
    return { files: files.map(fileIn), chosen: chosenIn(chosen) };
  } catch {
    return 'damaged';
  }
}

function fileIn(value: unknown): SourceFile {
  const [path, text]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof path !== 'string' || typeof text !== 'string') throw new TypeError('no file');
  return { path, text };
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), one => one.charCodeAt(0));
}
