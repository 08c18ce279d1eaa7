import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { extname, join, resolve } from 'node:path';
import { applyEdits, convert, defaultOptions, verify } from '../dist/index.js';
import { virtualServices } from './manifests.mjs';

const options = { ...defaultOptions, defaultPort: 80 };
const { from: _from, ...bothProxies } = options;

/** What the judgement of the CRDs costs: its share of a comparison, the first time in a process and the fourth. */
export async function admission() {
  const corpus = resolve(process.env.VS2ROUTE_CORPUS ?? '../shared/corpus');
  const some = convertedSides([{ path: 'input.yaml', text: virtualServices(500) }]);
  return [
    ...(existsSync(corpus)
      ? [
          await row(
            'the corpus and its conversion',
            foldersIn(corpus, 'manifests').map(textsIn).map(convertedSides),
          ),
          await row('pairs written by hand', foldersIn(corpus, 'pairs').map(pairIn)),
        ]
      : []),
    await row('500 VirtualServices and their conversion', [some]),
  ];
}

async function row(name, sides) {
  const compareAll = () => {
    for (const { before, after } of sides) verify(before, after, [], bothProxies);
  };
  const first = await shareOfAdmission(compareAll);
  compareAll();
  compareAll();
  const later = await shareOfAdmission(compareAll);
  return [`admission, ${name}`, `${percent(first)} of verify, ${percent(later)} once warm`, ''];
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

/** The texts of a tree, and what `--write` makes of them. */
function convertedSides(before) {
  const after = [...applyEdits(convert(before, [], options))].flatMap(([path, text]) =>
    text === undefined ? [] : [{ path, text }],
  );
  return { before, after };
}

function foldersIn(corpus, name) {
  return readdirSync(join(corpus, name)).map(folder => join(corpus, name, folder));
}

function textsIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter(name => ['.yaml', '.yml', '.json'].includes(extname(name)))
    .sort()
    .map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function pairIn(folder) {
  const [before, after] = ['vs.yaml', 'gateway-api.yaml'].map(path => [
    { path, text: readFileSync(join(folder, path), 'utf8') },
  ]);
  return { before, after };
}

/** @returns the share of the time that goes to writing objects down for the CRDs, to their judgement and to their defaults */
async function shareOfAdmission(work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  // Samples are counted: the time between two of them grows with whatever else the machine does.
  const own = new Map();
  for (const id of profile.samples) own.set(id, (own.get(id) ?? 0) + 1);
  const nodes = new Map(profile.nodes.map(node => [node.id, node]));
  const below = node =>
    (own.get(node.id) ?? 0) + (node.children ?? []).reduce((sum, id) => sum + below(nodes.get(id)), 0);
  const isAdmission = ({ callFrame: { functionName, url } }) =>
    /\/3-link\/(?:admit|crd-defaults)\.js$/.test(url) && functionName !== '';
  // Those within another are counted with it.
  const outermost = node =>
    isAdmission(node) ? [node] : (node.children ?? []).flatMap(id => outermost(nodes.get(id)));
  const [root] = profile.nodes;
  const within = outermost(root).reduce((sum, node) => sum + below(node), 0);
  const verified = profile.nodes
    .filter(
      ({ callFrame }) => callFrame.functionName === 'verify' && /\/verify\/verify\.js$/.test(callFrame.url),
    )
    .reduce((sum, node) => sum + below(node), 0);
  return within / verified;
}
