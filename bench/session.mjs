import { convert, createSession, defaultOptions } from '../dist/index.js';
import { virtualService } from './manifests.mjs';
import { inSeconds } from './measure.mjs';

const FILES = 2000;
const TURNS = 5;

/** One file of many changes in every way a file can, in a session; against full runs of the same files. */
export function session() {
  // No two of one shape, so that a full run converts each; or all of one shape.
  return [
    ...rows('no two alike', number => virtualService(number).replace('3s', `${3 + number}s`)),
    ...rows('alike', virtualService),
  ];
}

/** Each kind of update of a file: how it gets there, and how it goes back. */
const kinds = {
  'a field changes': { to: (text, turn) => text.replace(/\d+s/, `${9000 + turn}s`) },
  'a file goes': { to: () => undefined },
  'a file comes': { from: () => undefined, to: text => text },
  'an object comes': { to: text => `${text}---\n${text.replaceAll(/app-\d+/g, 'another')}` },
  'a name changes': { to: (text, turn) => text.replaceAll(/app-\d+/g, `renamed-${turn}`) },
  'its YAML breaks': { to: text => text.replace('spec:', 'spec: [{') },
  'its YAML heals': { from: text => text.replace('spec:', 'spec: [{'), to: text => text },
};

function rows(name, textOf) {
  const options = { ...defaultOptions, defaultPort: 8080 };
  const files = Array.from({ length: FILES }, (_, number) => ({
    path: `${number}.yaml`,
    text: textOf(number),
  }));
  const full = Math.min(...[1, 2, 3].map(() => timed(() => convert(files, [], options))));
  const held = createSession(options);
  for (const { path, text } of files) held.update(path, text);
  held.conversion();
  const { path, text } = files[7];
  const measured = Object.entries(kinds).map(([kind, { from = before => before, to }]) => {
    const times = Array.from({ length: TURNS }, (_, turn) => {
      held.update(path, from(text));
      held.conversion();
      return timed(() => {
        held.update(path, to(text, turn));
        held.conversion();
      });
    });
    return [kind, Math.min(...times)];
  });
  return [
    [`${FILES} files, ${name}, full run in a warm process`, `${inSeconds(full)} CPU`, ''],
    ...measured.map(([kind, seconds]) => [
      `${FILES} files, ${name}, in a session: ${kind}`,
      `${inSeconds(seconds)} CPU`,
      `${(full / seconds).toFixed(0)} times as fast`,
    ]),
  ];
}

function timed(work) {
  const { user, system } = process.cpuUsage();
  work();
  const used = process.cpuUsage({ user, system });
  return (used.user + used.system) / 1e6;
}
