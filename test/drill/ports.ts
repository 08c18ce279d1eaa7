import { createServer } from 'node:net';
import { Failure } from './failure.ts';

export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly istiodHttp: number;
  readonly istiodGrpc: number;
  readonly istiodSecure: number;
  readonly istiodMonitoring: number;
}

/**
 * Finds ports on loopback that nobody listens on.
 *
 * @param first takes this one and those that follow it; 0 takes any
 * @throws Failure when one of those asked for is taken
 */
export async function findPorts(first: number): Promise<Ports> {
  const found: number[] = [];
  for (let index = 0; index < 7; index += 1)
    found.push(await listeningOnce(first === 0 ? 0 : first + index, found));
  const [
    etcd = 0,
    etcdPeer = 0,
    apiServer = 0,
    istiodHttp = 0,
    istiodGrpc = 0,
    istiodSecure = 0,
    istiodMonitoring = 0,
  ] = found;
  return { etcd, etcdPeer, apiServer, istiodHttp, istiodGrpc, istiodSecure, istiodMonitoring };
}

async function listeningOnce(wanted: number, others: readonly number[]): Promise<number> {
  const port = await new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.on('error', ({ message }) => reject(new Failure('port-taken', message)));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  return others.includes(port) ? listeningOnce(wanted, others) : port;
}
