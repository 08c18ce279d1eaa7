// Loaded into the program: the disk is full from the write on that FULL_AT counts, as on a small device.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { writeFileSync } = fs;
let left = Number(process.env.FULL_AT);

fs.writeFileSync = (file, data, ...rest) => {
  left -= 1;
  if (left > 0) return writeFileSync(file, data, ...rest);
  // What fits is written, as a real device does.
  writeFileSync(file, String(data).slice(0, 10), ...rest);
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
};
syncBuiltinESMExports();
