import { sha256Hex } from '../yaml/sha256.ts';

/** @returns 16 hexadecimal digits that are the same for the same parts, in their order */
export function fingerprint(...parts: readonly string[]): string {
  return sha256Hex(JSON.stringify(parts)).slice(0, 16);
}

/** Tells apart what would have one fingerprint: the second gets `:2`. */
export function countingFingerprints(): (...parts: readonly string[]) => {
  readonly hash: string;
  readonly count: number;
} {
  const seen = new Map<string, number>();
  return (...parts) => {
    const hash = fingerprint(...parts);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return { hash, count };
  };
}
