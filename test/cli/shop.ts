import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { run as runProgram } from '../../src/cli/main.ts';
import type { World } from '../../src/cli/world.ts';
import { convert } from '../../src/convert.ts';
import type { Place, Result } from './run.ts';

/** A VirtualService that converts exactly, if its Service is shown or has a default port. */
export const shopVirtualService = (name: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
spec:
  hosts:
  - ${name}
  http:
  - route:
    - destination:
        host: ${name}
`;

/** What it becomes. */
export const shopRoute = (name: string, port = 8080): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
  namespace: shop
spec:
  parentRefs:
  - group: ""
    kind: Service
    name: ${name}
    port: ${port}
  rules:
  - matches:
    - path:
        type: PathPrefix
        value: /
    backendRefs:
    - name: ${name}
      port: ${port}
`;

export const shopService = (name: string, port = 8080): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${name}
  ports:
  - name: http
    port: ${port}
`;

/** One that has no form as a route. */
export const faultyVirtualService = (name: string): string => `${shopVirtualService(name)}    fault:
      delay:
        fixedDelay: 5s
        percentage:
          value: 100
`;

/** Runs a command in this process, where a test can stand in for parts of the world. */
export async function runHere(
  place: Place,
  args: readonly string[],
  replaced: Partial<World> & { readonly input?: string; readonly folder?: string } = {},
): Promise<Result> {
  const written = { stdout: '', stderr: '' };
  const { input = '', folder = '.', ...parts } = replaced;
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const world: World = {
    cwd: join(place.path, folder),
    env: {},
    stdin: (async function* () {
      yield input;
    })(),
    loadConvert: async () => convert,
    ...parts,
    stdout: { ...stream('stdout'), isTTY: parts.stdout?.isTTY === true },
    stderr: { ...stream('stderr'), isTTY: parts.stderr?.isTTY === true },
  };
  const code = await runProgram(args, world);
  return { ...written, code };
}

/** A stream to put in the place of one that is a terminal; what is written comes out of `runHere`. */
export const terminal = { isTTY: true, write: () => undefined };

/** Whether a program can be run here. */
export function isThere(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args.length === 0 ? ['--version'] : args).status === 0;
}

/** Makes a repository of a place. */
export function commitAll(place: Place): void {
  git(place, 'init', '--quiet');
  git(place, 'add', '--all', '--force');
  const who = ['-c', 'user.name=shop', '-c', 'user.email=shop@example.com', '-c', 'commit.gpgsign=false'];
  git(place, ...who, 'commit', '--quiet', '--allow-empty', '--message', 'as it was');
}

/** @throws when git says no */
export function git(place: Place, ...args: readonly string[]): string {
  return gitWith(place, '', ...args);
}

/** @throws when git says no */
export function gitWith(place: Place, input: string, ...args: readonly string[]): string {
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: join(place.path, 'nobody'), GIT_CONFIG_NOSYSTEM: '1' };
  const { stdout, stderr, status } = spawnSync('git', args, {
    cwd: place.path,
    input,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}
