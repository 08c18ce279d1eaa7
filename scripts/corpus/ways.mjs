import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../dist/6-emit/apply-edits.js';
import { convertAndKeep } from '../../dist/convert.js';
import { createSession, defaultOptions } from '../../dist/index.js';
import { readOne } from '../../dist/read-resources.js';
import { table } from './table.mjs';
import { treeOf } from './trees.mjs';

const options = { ...defaultOptions, defaultPort: 8080 };

/** Something that concerns the whole cluster keeps it in one piece. */
const nobody = { path: 'nobody.yaml', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: nobody}\n' };

const keeping = (files, settings, facts = []) => {
  const kept = { read: readOne, memory: new Map(), ...settings };
  return convertAndKeep(files, facts, options, () => undefined, [], kept).conversion;
};

/** Every way of coming to a conversion. The first is the one that the others are held against. */
const ways = {
  'in one piece': files => keeping(files, {}, [nobody]),
  'by lots': files => keeping(files, { isReusing: false }),
  'by the smallest lots': files => keeping(files, { isReusing: false, isComingAgain: true }),
  'with reuse of lots': files => keeping(files, { isReusing: true }),
  'in a session': inSession,
};

/** Each file comes, and some are broken and mended while somebody looks. */
function inSession(files) {
  const session = createSession(options);
  for (const { path, text } of files.toReversed()) session.update(path, text);
  session.conversion();
  for (const [index, { path, text }] of files.entries()) {
    if (index % 7 !== 0) continue;
    session.update(path, text.slice(0, text.length >> 1));
    if (index % 2 === 0) session.conversion();
    session.update(path, text.replaceAll('/', '/other-'));
    session.conversion();
    session.update(path, text);
  }
  return session.conversion();
}

/**
 * Converts the files of every repository in every way; the same with those objects alone that come apart into lots; and with
 * these several times under other names, so that lots are reused.
 *
 * @returns what one way says and another does not
 */
export function sameInEveryWay(repositories, print) {
  if (repositories.length === 0) return [];
  const rows = [];
  const broken = [];
  for (const { name, path } of repositories) {
    const files = filesIn(path);
    const apart = documentsApart(files);
    const inputs = {
      'all files': files,
      'objects that come apart': apart,
      'these four times': fourTimes(apart),
    };
    for (const [title, input] of Object.entries(inputs)) {
      if (input.length === 0) continue;
      const [[, first], ...others] = Object.entries(ways);
      const expected = bytesOf(first(input), input);
      for (const [way, work] of others)
        if (bytesOf(work(input), input) !== expected) broken.push(`${name}, ${title}: another result ${way}`);
      const reusing = ways['with reuse of lots'](input).outputs;
      rows.push([name, title, input.length, reusing.filter(isReused).length, reusing.length]);
    }
  }
  print('## Ways\n');
  print(`Diagnostics, objects and edited files are the same ${Object.keys(ways).join(', ')}.\n`);
  for (const line of table(['repository', 'input', 'files', 'objects of reused lots', 'objects'], rows))
    print(line);
  print('');
  return broken;
}

/** Objects of reused lots alone are made when somebody asks. */
function isReused(output) {
  return Object.getOwnPropertyDescriptor(output, 'resource')?.get !== undefined;
}

function bytesOf({ diagnostics, outputs, resources, together, removed, edits }, files) {
  const keyOf = ({ kind, namespace, name, source }) =>
    `${kind} ${namespace}/${name} ${source?.document.file.path} ${source?.document.index}`;
  return JSON.stringify([
    diagnostics,
    outputs.map(({ resource, origins }) => [resource, origins]),
    resources.map(({ resource, ...rest }) => [keyOf(resource), rest]),
    together.map(one => [...one].map(keyOf).sort()).sort(),
    [...removed].map(keyOf).sort(),
    files.map(file => {
      const own = edits.filter(({ source }) => source.document.file.path === file.path);
      return applyEdits(file, own).text ?? 'gone';
    }),
  ]);
}

function filesIn(folder) {
  return [...treeOf(folder).keys()]
    .filter(path => /\.ya?ml$/.test(path))
    .map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

const apart = /^kind: (VirtualService|DestinationRule|Service|Gateway)\s*$/m;

/** The first document for each object, in a file of its own. */
function documentsApart(files) {
  const seen = new Set();
  return files
    .flatMap(({ path, text }) =>
      text
        .split(/^---.*\n/m)
        .filter(document => apart.test(document) && !/\{\{|^kind: List/m.test(document))
        .map((document, index) => ({ path: `${path}.${index}.yaml`, text: document })),
    )
    .filter(({ text }) => {
      const key = text.match(/^kind: .*|^ {2}name(?:space)?: .*/gm)?.join('\n');
      return !seen.has(key) && seen.add(key);
    });
}

/** With a number behind each name. */
function fourTimes(files) {
  const names = files.flatMap(({ text }) =>
    [...text.matchAll(/^ {2}(?:name|namespace): ([a-z][a-z-]*)$/gm)].map(([, name]) => name),
  );
  const words = [...new Set(names)].sort((a, b) => b.length - a.length);
  if (words.length === 0) return [];
  const word = new RegExp(`(?<![\\w-])(?:${words.join('|')})(?![\\w-])`, 'g');
  return [11, 12, 23, 34].flatMap(number =>
    files.map(({ path, text }) => ({
      path: `${number}/${path}`,
      text: text.replaceAll(word, name => `${name}-${number}`),
    })),
  );
}
