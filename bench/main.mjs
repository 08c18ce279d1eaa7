// `npm run bench [-- [--base FOLDER] NAME...]`: measures, and judges nothing; the ratios are what can be compared between
// machines. The folder is a checkout of an older version in which `npm ci` has run.
import { cpus, loadavg, totalmem } from 'node:os';
import { admission } from './admission.mjs';
import { againstBase } from './against-base.mjs';
import { againstGrep } from './against-grep.mjs';
import { againstIngress2gateway } from './against-ingress2gateway.mjs';
import { growth } from './growth.mjs';
import { jobs } from './jobs.mjs';
import { inMegabytes } from './measure.mjs';
import { playground } from './playground.mjs';
import { powers } from './powers.mjs';
import { proof } from './proof.mjs';
import { report } from './report.mjs';
import { review } from './review.mjs';
import { session } from './session.mjs';
import { startUp } from './start-up.mjs';

const measurements = {
  base: againstBase,
  ingress2gateway: againstIngress2gateway,
  grep: againstGrep,
  growth,
  'start-up': startUp,
  proof,
  admission,
  review,
  session,
  jobs,
  powers,
  report,
  playground,
};

const given = process.argv.slice(2);
const names = given.filter((name, index) => name !== '--base' && given[index - 1] !== '--base');
const unknown = names.filter(name => !(name in measurements));
if (unknown.length > 0) {
  process.stderr.write(`Choose from ${Object.keys(measurements).join(', ')}.\n`);
  process.exit(2);
}
const print = cells => process.stdout.write(`| ${cells.join(' | ')} |\n`);
process.stdout.write(
  `${cpus().length} cores, ${inMegabytes(totalmem())}, Node ${process.version}, load ${loadavg()[0].toFixed(1)} before\n\n`,
);
print(['what', 'measured', 'ratio']);
print(['---', '--:', '--:']);
for (const [name, measure] of Object.entries(measurements)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for await (const row of await measure()) print(row);
}
