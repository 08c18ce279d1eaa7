// Loaded into the program: it is killed before the step of writing files that KILLED_AT counts.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILLED_AT);
const step =
  original =>
  (...args) => {
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    return original(...args);
  };
for (const name of ['openSync', 'writeFileSync', 'fsyncSync', 'linkSync', 'renameSync', 'unlinkSync']) {
  const original = fs[name];
  const counted = step(original);
  // Files are opened for reading much more often, which changes nothing.
  fs[name] =
    name === 'openSync'
      ? (path, flags, ...rest) => (flags === 'wx' ? counted : original)(path, flags, ...rest)
      : counted;
}
syncBuiltinESMExports();
