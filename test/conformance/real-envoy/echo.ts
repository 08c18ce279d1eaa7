import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request looked like upstream. */
export interface Echo {
  /** The address it was sent to, which stands for the cluster. */
  readonly address: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A server on all loopback addresses that answers with what it was asked. */
export interface EchoServer {
  readonly port: number;
  readonly close: () => void;
}

export function startEcho(): Promise<EchoServer> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(echoOf(request)));
  });
  return new Promise(resolve => {
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}

function echoOf(request: IncomingMessage): Echo {
  const headers: Record<string, string> = {};
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    const value = request.rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { address: request.socket.localAddress ?? '', path: request.url ?? '', headers };
}
