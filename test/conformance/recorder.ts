import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effort, Examination } from './examine.ts';
import { forgetOthers, printRecording, recordingFile, recordingOf, writeRecording } from './record.ts';
import type { Converted } from './scenario.ts';

/** Always the same requests, so that the same answers are the same text. */
const effort: Effort = { witnesses: 300, random: 20, seed: 1 };

/** Holds what istiod says of the cases against what it said when they were recorded; or records it. */
export class Recorder {
  readonly #folder: string;
  readonly #writes: boolean;
  readonly #names: string[] = [];

  constructor(folder: string, writes: boolean) {
    this.#folder = folder;
    this.#writes = writes;
  }

  /** @returns what is wrong with the record of a case */
  readonly look = (converted: Converted, examination: Examination): readonly string[] => {
    const { name } = converted.scenario;
    this.#names.push(name);
    const file = recordingFile(this.#folder, name);
    const text = printRecording(recordingOf(converted, examination, effort));
    if (this.#writes) {
      writeRecording(file, text);
      return [];
    }
    if (!existsSync(file)) return ['is not recorded: npm run conformance -- --record'];
    return readFileSync(file, 'utf8') === text
      ? []
      : [
          `istiod answers otherwise than ${file} says: npm run conformance -- --record, and read the difference`,
        ];
  };

  /** Forgets cases that are no more, and says what answered. */
  finish(versions: unknown): void {
    if (!this.#writes) return;
    forgetOthers(this.#folder, this.#names);
    writeFileSync(join(this.#folder, 'versions.json'), `${JSON.stringify(versions, undefined, 2)}\n`);
  }
}
