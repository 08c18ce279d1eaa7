import { fastest, inSeconds, program } from './measure.mjs';

/** What a run costs before it does anything. */
export function startUp() {
  const node = fastest(process.execPath, ['-e', '0'], { runs: 10 });
  const version = fastest(process.execPath, [program, '--version'], { runs: 10 });
  const help = fastest(process.execPath, [program, '--help'], { runs: 10 });
  return [
    ['node -e 0', inSeconds(node), ''],
    ['--version', inSeconds(version), `${(version / node).toFixed(2)} times as long`],
    ['--help', inSeconds(help), `${(help / node).toFixed(2)} times as long`],
  ];
}
