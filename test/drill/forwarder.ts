import { connect, createServer, type Server } from 'node:net';

/**
 * Leads from a socket in the file system, which pods reach from their networks, to a port on loopback.
 *
 * @returns what ends it
 */
export function startForwarder(path: string, port: number): Promise<Server> {
  const server = createServer(incoming => {
    const outgoing = connect(port, '127.0.0.1');
    incoming.on('error', () => outgoing.destroy());
    outgoing.on('error', () => incoming.destroy());
    incoming.on('close', () => outgoing.destroy());
    outgoing.on('close', () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, () => resolve(server));
  });
}
