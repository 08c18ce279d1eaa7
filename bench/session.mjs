import { convert, createSession, defaultOptions } from '../dist/index.js';
import { unlikeVirtualService, virtualService } from './manifests.mjs';
import { inSeconds } from './measure.mjs';
import { mixed } from './mixed.mjs';

const FILES = 2000;
const TURNS = 5;

/** One file of many changes in every way a file can, in a session; against full runs of the same files. */
export function session() {
  const each = textOf =>
    Array.from({ length: FILES }, (_, number) => ({ path: `${number}.yaml`, text: textOf(number) }));
  // No two of one shape, so that a full run converts each; or all of one shape.
  return [
    ...rows('no two alike', each(unlikeVirtualService), kinds),
    ...rows('alike', each(virtualService), kinds),
    ...rows('mixed', mixed(FILES), { ...kinds, ...kindsOfMixed }),
  ];
}

/** Each kind of update of a file: how it gets there, and how it goes back. */
const kinds = {
  'a field changes': { to: (text, turn) => text.replace(/timeout: \d+s/, `timeout: ${9000 + turn}s`) },
  'a file goes': { to: () => undefined },
  'a file comes': { from: () => undefined, to: text => text },
  'an object comes': { to: text => `${text}---\n${text.replaceAll(/app-\d+/g, 'another')}` },
  'a name changes': { to: (text, turn) => text.replaceAll(/app-\d+/g, `renamed-${turn}`) },
  'its YAML breaks': { to: text => text.replace('spec:', 'spec: [{') },
  'its YAML heals': { from: text => text.replace('spec:', 'spec: [{'), to: text => text },
};

/** Those of files that hold Services and DestinationRules as well. */
const kindsOfMixed = {
  'a host changes': { to: (text, turn) => text.replace(/hosts:\n {2}- \S+/, `hosts:\n  - renamed-${turn}`) },
  'a subset changes': { to: (text, turn) => text.replace('version: v1', `version: w${turn}`) },
  'a port of a Service changes': { to: (text, turn) => text.replace('port: 8080', `port: ${9000 + turn}`) },
};

function rows(name, files, kinds) {
  const options = { ...defaultOptions, defaultPort: 8080 };
  const full = Math.min(...[1, 2, 3].map(() => timed(() => convert(files, [], options))));
  const held = createSession(options);
  for (const { path, text } of files) held.update(path, text);
  held.conversion();
  const measured = Object.entries(kinds).map(([kind, { from = before => before, to }]) => {
    // The first file in which the update changes something.
    const { path, text } = files.slice(7).find(one => to(one.text, 0) !== from(one.text));
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
    [`${files.length} files, ${name}, full run in a warm process`, `${inSeconds(full)} CPU`, ''],
    ...measured.map(([kind, seconds]) => [
      `${files.length} files, ${name}, in a session: ${kind}`,
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
