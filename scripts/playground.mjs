// `npm run playground [-- --port 8080] [--build-only] [--output FOLDER]`: writes the playground as one page that needs
// nothing beside it, and serves it on loopback until it is stopped.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundled, inScript, licences, packed } from './bundled.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const usage = 'Usage: npm run playground -- [--port PORT] [--build-only] [--output FOLDER]';

const { port, buildOnly, output } = argumentsOf(process.argv.slice(2));
// A port that is taken is told before anything is built.
const server = buildOnly ? undefined : await listen();
const { page, notices } = await build();
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'index.html'), page);
writeFileSync(join(output, 'LICENSES.txt'), notices);
if (server === undefined) process.stdout.write(`The playground is in ${join(output, 'index.html')}.\n`);
else {
  server.on('request', answer);
  process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`);
}

function argumentsOf(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '0' },
        'build-only': { type: 'boolean', default: false },
        output: { type: 'string', default: join(root, 'playground') },
      },
    });
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
      throw new Error(`--port: ${values.port} is no port`);
    return {
      port: Number(values.port),
      buildOnly: values['build-only'],
      output: resolve(values.output),
    };
  } catch (error) {
    process.stderr.write(`error: ${error.message}\n${usage}\n`);
    process.exit(2);
  }
}

async function build() {
  const source = join(root, 'src/page');
  const program = await bundled(join(source, 'playground/playground.tsx'), 'esm');
  const engine = await bundled(join(source, 'playground/engine.ts'), 'iife');
  const style = ['report.css', 'playground/playground.css']
    .map(name => readFileSync(join(source, name), 'utf8'))
    .join('\n');
  const script = inScript(program.code);
  const hash = text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  // Workers that a page makes of its own text are under the policy of the page: nothing in it can ask the network.
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} blob:`,
    // The editor sets styles of its elements; what a style could load is forbidden below.
    "style-src 'unsafe-inline'",
    'worker-src blob:',
    'img-src data:',
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const data = (id, text) =>
    `<script type="application/octet-stream" id="data-${id}">${packed(text)}</script>`;
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="vs2route ${version}">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>vs2route playground</title>
<style>${style}</style>
</head>
<body class="playground">
<noscript>The playground needs JavaScript: it converts in this page, and asks no network.</noscript>
<div id="playground"></div>
<div id="paper"></div>
${data('examples', JSON.stringify(examples()))}
${data('engine', engine.code)}
<script type="module">${script}</script>
</body>
</html>
`;
  return { page, notices: licences([...program.modules, ...engine.modules]) };
}

/** What can be chosen to begin with. The first line of a file of `examples/playground` is its title. */
function examples() {
  const own = readdirSync(join(root, 'examples/playground')).toSorted();
  const read = path => ({ path: basename(path), text: readFileSync(join(root, path), 'utf8') });
  const bookinfo = readdirSync(join(root, 'examples/bookinfo')).toSorted();
  return [
    ...own.map(name => {
      const file = read(join('examples/playground', name));
      const [title] = file.text.split('\n');
      return { title: title.replace(/^# /, ''), files: [file] };
    }),
    {
      title: 'Bookinfo: a gateway, subsets and a canary',
      files: bookinfo.map(name => read(join('examples/bookinfo', name))),
    },
  ];
}

function answer({ method, url = '/' }, response) {
  const isPage = /^\/(?:index\.html)?(?:\?.*)?$/.test(url);
  const status = method !== 'GET' && method !== 'HEAD' ? 405 : isPage ? 200 : 404;
  response.writeHead(status, {
    'content-type': isPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(status === 200 && method === 'GET' ? page : undefined);
}

function listen() {
  const created = createServer();
  return new Promise(done => {
    created.on('error', error => {
      const said =
        error.code === 'EADDRINUSE' ? `port ${port} is taken: choose another --port` : error.message;
      process.stderr.write(`error: ${said}\n`);
      process.exit(1);
    });
    created.listen(port, '127.0.0.1', () => done(created));
  });
}
