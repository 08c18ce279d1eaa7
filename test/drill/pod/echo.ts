import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { type Echo, echoHeader } from './answer.ts';
import type { Echoing } from './configuration.ts';

/** Answers at one address of the pod's network. */
export function startEcho({ address, port, protocol }: Echoing): Promise<void> {
  const answer = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ) => {
    request.resume();
    const echo: Echo = {
      address: request.socket.localAddress ?? '',
      port: request.socket.localPort ?? 0,
      path: request.url ?? '',
      headers: headersOf(request),
    };
    response.setHeader(echoHeader, Buffer.from(JSON.stringify(echo)).toString('base64'));
    if (protocol === 'grpc') {
      response.setHeader('content-type', 'application/grpc');
      response.setHeader('grpc-status', '0');
    }
    response.end();
  };
  return new Promise((resolve, reject) => {
    const server = protocol === 'http' ? createServer(answer) : createHttp2Server(answer);
    // Node closes idle connections after five seconds. A proxy that sends on one at that moment answers 503, whatever routes say.
    if ('keepAliveTimeout' in server) server.keepAliveTimeout = 0;
    server.on('error', reject);
    server.listen(port, address, () => resolve());
  });
}

function headersOf({ headers }: IncomingMessage | Http2ServerRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]),
  );
}
