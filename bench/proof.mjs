import { Session } from 'node:inspector/promises';
import { convert, defaultOptions } from '../dist/index.js';
import { longVirtualService, unlikeVirtualServices, virtualServices } from './manifests.mjs';
import { inSeconds } from './measure.mjs';
import { mixed } from './mixed.mjs';

const options = { ...defaultOptions, defaultPort: 8080 };

/** What the proof costs: its share of a conversion, and how it grows with the entries of one VirtualService. */
export async function proof() {
  const inputs = {
    '2,000 VirtualServices, three kinds': [{ path: 'in.yaml', text: virtualServices(2000) }],
    '2,000 of one kind, each with a timeout of its own': [
      { path: 'in.yaml', text: unlikeVirtualServices(2000) },
    ],
    '2,000 "mixed"': mixed(2000),
  };
  const shares = [];
  for (const [name, files] of Object.entries(inputs))
    shares.push([name, await shareOf('proveGroups', () => convert(files, [], options))]);
  const sizes = [1, 10, 50, 100, 200];
  convertText(longVirtualService(10));
  const times = sizes.map(entries => fastestOf(3, () => convertText(longVirtualService(entries))));
  return [
    ...shares.map(([name, share]) => [`proof of ${name}`, `${(share * 100).toFixed(0)} % of convert`, '']),
    ...sizes.map((entries, index) => [
      `one VirtualService with ${entries} ${entries === 1 ? 'entry' : 'entries'}`,
      inSeconds(times[index]),
      '',
    ]),
  ];
}

function convertText(text) {
  return convert([{ path: 'input.yaml', text }], [], options);
}

function fastestOf(runs, work) {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return (performance.now() - start) / 1000;
    }),
  );
}

/** @returns the share of the time that is spent in a function and what it calls */
async function shareOf(functionName, work) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  work();
  await session.post('Profiler.start');
  work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const nodes = new Map(profile.nodes.map(node => [node.id, node]));
  const own = new Map();
  for (const [index, id] of profile.samples.entries())
    own.set(id, (own.get(id) ?? 0) + profile.timeDeltas[index]);
  const below = node =>
    (own.get(node.id) ?? 0) + (node.children ?? []).reduce((sum, id) => sum + below(nodes.get(id)), 0);
  const within = profile.nodes
    .filter(node => node.callFrame.functionName === functionName)
    .reduce((sum, node) => sum + below(node), 0);
  const idle = profile.nodes
    .filter(({ callFrame }) => ['(idle)', '(program)'].includes(callFrame.functionName))
    .reduce((sum, node) => sum + (own.get(node.id) ?? 0), 0);
  return within / (profile.timeDeltas.reduce((sum, delta) => sum + delta, 0) - idle);
}
