import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';

/** A certificate with its key. */
export interface Certificate {
  readonly crt: string;
  readonly key: string;
}

/**
 * What the agent beside an Envoy does: gives it the certificate of the pod and the root. Here every pod has the same one; it is
 * there so that listeners and clusters that name it come up.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/security/secret
 */
export function startSecrets(path: string, certificate: Certificate): Promise<Http2Server> {
  const server = createServer();
  server.on('stream', stream => answer(stream, certificate));
  server.on('sessionError', () => undefined);
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, () => resolve(server));
  });
}

const secretType = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';

function answer(stream: ServerHttp2Stream, certificate: Certificate): void {
  let received = Buffer.alloc(0);
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 5 && received.length >= 5 + received.readUInt32BE(1)) {
      const end = 5 + received.readUInt32BE(1);
      const fields = fieldsOf(received.subarray(5, end));
      received = received.subarray(end);
      // One with a nonce acknowledges what was sent.
      if (fields.some(({ number }) => number === 5)) continue;
      const names = fields.filter(({ number }) => number === 3).map(({ value }) => value.toString());
      const resources = names.map(name =>
        field(2, Buffer.concat([field(1, secretType), field(2, secretOf(name, certificate))])),
      );
      const response = Buffer.concat([field(1, '1'), ...resources, field(4, secretType), field(5, '1')]);
      const head = Buffer.alloc(5);
      head.writeUInt32BE(response.length, 1);
      stream.write(Buffer.concat([head, response]));
    }
  });
}

function secretOf(name: string, { crt, key }: Certificate): Buffer {
  const inline = (text: string) => field(2, text);
  const content =
    name === 'default'
      ? field(2, Buffer.concat([field(1, inline(crt)), field(2, inline(key))]))
      : field(4, field(1, inline(crt)));
  return Buffer.concat([field(1, name), content]);
}

/** A field of a protocol buffer that has a length. */
function field(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}

interface Field {
  readonly number: number;
  readonly value: Buffer;
}

/** The fields of a discovery request; all of them that are sent have a length. */
function fieldsOf(message: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const next = () => {
    let [number, shift] = [0, 0];
    for (;;) {
      const byte = message[at] ?? 0;
      at += 1;
      number += (byte & 127) * 2 ** shift;
      if (byte < 128) return number;
      shift += 7;
    }
  };
  while (at < message.length) {
    const tag = next();
    const length = next();
    fields.push({ number: tag >>> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
