import { vs2route } from './program.mjs';
import { table } from './table.mjs';

/**
 * Compares what people wrote in both ways.
 *
 * @returns what cannot be compared
 */
export async function agreements(pairs, print) {
  if (pairs.length === 0) return [];
  const broken = [];
  const rows = [];
  for (const { name, path } of pairs) {
    const { code, stdout, stderr } = await vs2route(
      ['verify', '--format', 'json', 'vs.yaml', 'gateway-api.yaml'],
      path,
    );
    try {
      const { requests, causes } = JSON.parse(stdout);
      const differing = causes.reduce((sum, cause) => sum + cause.requests, 0);
      rows.push([name, requests, differing, [...new Set(causes.map(({ summary }) => summary))].join('; ')]);
    } catch {
      broken.push(`${name}: verify exits with ${code}: ${stderr.split('\n')[0]}`);
    }
  }
  print('## Pairs\n');
  print(
    'What people wrote for the Gateway API, against their VirtualServices: people are not always exact.\n',
  );
  for (const line of table(['pair', 'requests', 'differ', 'because'], rows)) print(line);
  print('');
  return broken;
}
