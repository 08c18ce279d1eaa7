// Walks a folder, reads every file and looks for a word, and does nothing else: as little as a program for Node.js can take.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', word = 'VirtualService'] = process.argv.slice(2);
const buffer = Buffer.allocUnsafe(1 << 20);

for (const path of filesIn(folder)) {
  const descriptor = openSync(path, 'r');
  let length = 0;
  for (let more = -1; more !== 0 && length < buffer.length; length += more)
    more = readSync(descriptor, buffer, length, buffer.length - length, null);
  closeSync(descriptor);
  if (buffer.toString('latin1', 0, length).includes(word)) process.stdout.write(`${path}\n`);
}

function* filesIn(parent) {
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const path = join(parent, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}
