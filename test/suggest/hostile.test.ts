import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convert, defaultOptions } from '../../src/index.ts';
import { workflowCommand } from '../../src/reporters/annotations.ts';
import { htmlReport } from '../../src/reporters/html.ts';
import { logText } from '../../src/reporters/log-text.ts';
import type { PageIndex } from '../../src/reporters/page/page-data.ts';
import { hasCredentials, redact } from '../../src/suggest/credentials.ts';
import { cell, code, fenced, folded, html, prose } from '../../src/suggest/markdown.ts';
import { printMarker, readMarker } from '../../src/suggest/marker.ts';
import { diffOf, folderWith, service, suggest, virtualService } from '../forge/run.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '`',
          '```',
          '\n',
          '\r\n',
          '~~~',
          '<!--',
          '-->',
          '</details>',
          '<script>',
          '@admin',
          '#1',
          '!2',
          '::error::',
        ],
        ...[
          '|',
          '%0A',
          '[x](http://evil)',
          '**',
          '\\',
          ' ',
          'a',
          'http://evil',
          'www.evil',
          '&lt;',
          '$x$',
          '\u202e',
          '\u2028',
        ],
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join('')),
);

test('nothing ends a block of code but its fence', () => {
  fc.assert(
    fc.property(
      fc.array(
        hostile.map(text => text.replaceAll('\n', ' ')),
        { maxLength: 6 },
      ),
      lines => {
        const [open = '', ...rest] = fenced(lines, 'suggestion').split('\n');
        const length = /^`+/.exec(open)?.[0].length ?? 0;
        expect(length).toBeGreaterThanOrEqual(3);
        const close = rest.findIndex(line => new RegExp(`^ {0,3}\`{${length},}[ \\t]*\\r?$`).test(line));
        expect(close).toBe(rest.length - 1);
        expect(rest.slice(0, -1)).toEqual(lines);
      },
    ),
  );
});

test('a piece of code is one line and ends where it ends', () => {
  fc.assert(
    fc.property(hostile, text => {
      const made = code(text);
      expect(made).not.toMatch(/[\n\r\u202e\u2028]/);
      const ticks = /^`+/.exec(made)?.[0] ?? '';
      const inner = made.slice(ticks.length, -ticks.length);
      expect(made.endsWith(ticks)).toBe(true);
      expect((inner.match(/`+/g) ?? []).map(run => run.length)).not.toContain(ticks.length);
    }),
  );
});

test('prose holds no HTML, links, mentions or references', () => {
  fc.assert(
    fc.property(hostile, text => {
      const outside = prose(text).replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
      expect(outside).not.toMatch(/[\n\r\u202e\u2028]/);
      expect(outside).not.toMatch(/<|(?<!\\)[[\]*_|]|@\w|#\d|:\/\/|www\./i);
    }),
  );
  expect(prose('see `--with` and <b>@all</b>')).toBe('see `--with` and &lt;b&gt;@\u200ball&lt;/b&gt;');
  expect(cell(prose('a|b'))).toBe('a\\|b');
  expect(prose('hosts www.example.com and WWW.example.com')).toBe(
    'hosts www\u200b.example.com and WWW\u200b.example.com',
  );
  expect(html('"<x>&@you')).toBe('&quot;&lt;x&gt;&amp;@\u200byou');
  expect(html("# it's #1 of www.example.com\n- at https://example.com")).toBe(
    '&#35; it&apos;s #\u200b1 of www\u200b.example.com·- at https:\u200b//example.com',
  );
  expect(folded('x', '- y')).toBe('<details><summary>x</summary>\n\n- y\n\n</details>');
});

test('the page of a report has no control characters and no address but those of the web', () => {
  const name = 'shown\u001b[2J\u202ereviews';
  const text = virtualService('reviews').replace('name: reviews', `name: "${name}"`);
  const conversion = convert([{ path: 'javascript:a.yaml', text }]);
  const page = pageOf(conversion, 'javascript:view("{path}")');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(page).not.toMatch(/href="(?!#\/)/);
  expect(indexOf(page).sourceUrl).toBe('');
  expect(JSON.stringify(indexOf(page).rows)).not.toMatch(/\\u001b|\u202e/);
  const linked = pageOf(conversion, 'https://example.com/{path}#L{line}');
  expect(indexOf(linked).sourceUrl).toBe('https://example.com/{path}#L{line}');
});

function pageOf(conversion: ReturnType<typeof convert>, sourceUrl: string): string {
  return htmlReport(conversion, {
    assets: { style: '', script: '', engine: '' },
    run: { version: '1.0.0', flags: [] },
    options: defaultOptions,
    read: [],
    sourceUrl,
  });
}

/** The data that a page reads at once. */
function indexOf(page: string): PageIndex {
  const [, packed = ''] = /id="data-index">([^<]*)</.exec(page) ?? [];
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString()) as PageIndex;
}

test('a source address that is not of the web is refused', () => {
  const folder = folderWith({ 'a.yaml': virtualService('reviews') });
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      join(import.meta.dirname, '../../bin/vs2route.js'),
      'report',
      '--format=html',
      '--source-url=javascript:{path}',
      'a.yaml',
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  expect({ status, first: stderr.split('\n')[0] }).toEqual({
    status: 2,
    first:
      "error: option '--source-url <url>' argument 'javascript:{path}' is invalid. Write an address that begins with https:// or http://.",
  });
});

test('a workflow command is one line, whatever it says', () => {
  fc.assert(
    fc.property(hostile, hostile, (file, message) => {
      const made = workflowCommand({ level: 'warning', properties: { file, line: '1' }, message });
      expect(made.match(/[\n\r]/g)).toEqual(['\n']);
      const [, properties = ''] = /^::warning (.*?)::/.exec(made) ?? [];
      expect(properties.split(',')).toHaveLength(2);
    }),
  );
  expect(
    workflowCommand({
      level: 'error',
      properties: { file: 'a:b,c%', line: '1' },
      message: '100% ::error::\r\nx',
    }),
  ).toBe('::error file=a%3Ab%2Cc%25,line=1::100%25 ::error:: x\n');
});

/** What GitHub's runner takes for a command: `::x::` at the start of a line, `##[x]` anywhere. */
const command = /^\s*::|##\[/m;

test('text in the log of a job is not read as a command', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(hostile, fc.constantFrom('##[', '\n  ::', '##[error]', '::', '#')), { maxLength: 8 }),
      parts => {
        const text = parts.join('');
        expect(logText(text)).not.toMatch(command);
        expect(logText(text).replaceAll('\u200b', '')).toBe(text.replaceAll('\u200b', ''));
      },
    ),
  );
});

test('on GitHub Actions, no command quotes a manifest so that it commands the runner', () => {
  const text = virtualService('reviews', '/##[error]pwned').replace(
    '  http:',
    '  fault: "::error::x"\n  http:',
  );
  const folder = folderWith({
    '::error title=x::a.yaml': text,
    'b ##[error].yaml': 'kind: [VirtualService\n',
  });
  const { PATH = '' } = process.env;
  const program = join(import.meta.dirname, '../../bin/vs2route.js');
  for (const args of [['convert', '.'], ['report', '.'], ['check', '.', '--fail-on', 'info'], ['nonsense']]) {
    const env = { PATH, GITHUB_ACTIONS: 'true' };
    const { stderr, stdout } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(stderr + stdout).toContain('error');
    expect(stderr).not.toMatch(command);
    // What convert prints is the result, and has to be as it is.
    if (args[0] !== 'convert') expect(stdout).not.toMatch(command);
  }
});

test('a marker says what was put into it, and ends its comment only at its end', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.array(hostile, { maxLength: 3 }), (tag, id, of) => {
      const made = printMarker({ tag, id, fp: 'f', of });
      expect(made.indexOf('-->')).toBe(made.length - 3);
      expect(made.slice(4, -3)).not.toContain('--');
      expect(readMarker(`text\n\n${made}\n`)).toEqual({ tag, id, fp: 'f', of });
    }),
  );
  expect(readMarker('<!-- vs2route:{"v":2} -->')).toBeUndefined();
  expect(readMarker('<!-- vs2route:{nonsense} -->')).toBeUndefined();
  expect(
    readMarker('said before <!-- vs2route:{"v":1,"tag":"","id":"a","fp":"b"} --> and more'),
  ).toBeUndefined();
});

test.each([
  'authorization: Bearer abcdefghijklmnop',
  'x-api-key: "k-1234567890"',
  '"password": "hunter22"',
  "db-password: 'it''s long'",
  '- name: x-auth-token\n  value: abcdef123456',
  'https://user:hunter2@example.com/',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'glpat-abcdefghijklmnopqrst',
  'AKIAABCDEFGHIJKLMNOP',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
])('a credential: %j', text => {
  expect(hasCredentials(text)).toBe(true);
  expect(redact(redact(text))).toBe(redact(text));
});

test.each([
  'name: reviews',
  `authorization: $${'{TOKEN}'}`,
  'authorization:\n  exact: x',
  'secretName: shop-tls',
  'credentialName: shop-tls',
  'image: example.com/app@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
  '- name: cookie\n  value: ^(.*?;)?(user=jason)(;.*)?$',
  'tokenizer: standard-analyzer',
])('no credential: %j', text => {
  expect(redact(text)).toBe(text);
});

test('a manifest that tries to break out of everything', async () => {
  const evil = '/`````suggestion';
  const text = virtualService('reviews', evil)
    .replace('metadata:', 'metadata:\n  annotations:\n    note: "</details> @everyone ::error::x"')
    .replace('hosts:\n', 'hosts: # ```\n');
  const files = { 'services.yaml': service('reviews'), 'k8s/we`ird, name.yaml': text };
  const folder = folderWith({
    ...files,
    'pull.diff': diffOf({ 'services.yaml': files['services.yaml'] }, files),
  });
  const { stdout } = await suggest(folder, ['--diff', 'pull.diff', '--format', 'github']);
  const { comments } = JSON.parse(stdout) as { readonly comments: readonly { readonly body: string }[] };
  const [comment] = comments;
  expect(comment?.body).toMatch(/^`{6,}suggestion$/m);
  const printed = await suggest(folder, ['--diff', 'pull.diff', '--format', 'annotations']);
  expect(printed.stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(printed.stdout).toContain('file=k8s/we`ird%2C name.yaml,');
});

test('no line of a Secret is printed, even beside a changed line', async () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  note: the-plain-words\n';
  const text = `${secret}---\n${virtualService('reviews')}---\n${secret}`;
  const before = {
    'services.yaml': service('reviews'),
    'k.yaml': text.replace('exact: /api', 'exact: /old'),
  };
  const files = { 'services.yaml': service('reviews'), 'k.yaml': text };
  const folder = folderWith({ ...files, 'pull.diff': diffOf(before, files) });
  for (const format of ['github', 'gitlab', 'rdjson', 'sarif', 'markdown']) {
    const { stdout } = await suggest(folder, ['--diff', 'pull.diff', '--format', format]);
    expect(stdout).toContain('reviews');
    expect(stdout).not.toContain('the-plain-words');
  }
});
