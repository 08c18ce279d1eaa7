import { convert, createSession, defaultOptions } from '../dist/index.js';
import { virtualService } from './manifests.mjs';
import { inSeconds } from './measure.mjs';

const FILES = 2000;

/** One file of many changes again and again, in a session and in full runs. */
export function session() {
  // No two of one shape, so that a full run converts each.
  const text = (number, turn) => virtualService(number).replace('3s', `${3 + number + FILES * turn}s`);
  const options = { ...defaultOptions, defaultPort: 8080 };
  const filled = () => {
    const started = createSession(options);
    for (let number = 0; number < FILES; number += 1) started.update(`${number}.yaml`, text(number, 0));
    return started;
  };
  const timed = work => {
    const { user, system } = process.cpuUsage();
    work();
    const used = process.cpuUsage({ user, system });
    return (used.user + used.system) / 1e6;
  };
  const files = Array.from({ length: FILES }, (_, number) => ({
    path: `${number}.yaml`,
    text: text(number, 0),
  }));
  const full = Math.min(...[1, 2, 3].map(() => timed(() => convert(files, [], options))));
  const held = filled();
  held.conversion();
  const update = Math.min(
    ...[1, 2, 3, 4, 5].map(turn =>
      timed(() => {
        held.update('7.yaml', text(7, turn));
        held.conversion();
      }),
    ),
  );
  return [
    [`${FILES} files, full run in a warm process`, `${inSeconds(full)} CPU`, ''],
    [
      `${FILES} files, update of one`,
      `${inSeconds(update)} CPU`,
      `${(full / update).toFixed(1)} times as fast`,
    ],
  ];
}
