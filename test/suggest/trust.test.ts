import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { baseTextOf, parseDiff } from '../../src/suggest/diff.ts';
import { type Place, placeWith } from '../cli/run.ts';
import { commitAll, git, shopService, shopVirtualService } from '../cli/shop.ts';

const services = { 'services.yaml': `${shopService('a')}---\n${shopService('b')}` };

/** A repository whose pull request does something to it; `main` is its target. */
function pullRequest(files: Readonly<Record<string, string>>, change: (place: Place) => void): Place {
  const place = placeWith({ ...services, ...files });
  commitAll(place);
  git(place, 'branch', 'target');
  change(place);
  git(place, 'add', '--all', '--force');
  return place;
}

const put = (place: Place, files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(place.path, path), text);
};

function check(
  place: Place,
  more: readonly string[] = [],
): { code: number | null; found: readonly string[] } {
  const { code, stdout } = place.runReal(['check', '--base', 'target', '--format', 'json', ...more]);
  const { findings } = JSON.parse(stdout || '{"findings":[]}');
  const found = findings.map(({ path, code: id }: Readonly<Record<string, string>>) => `${path} ${id}`);
  return { code, found };
}

const found = { code: 1, found: ['a.yaml convertible'] };
const nothing = { code: 0, found: [] };

test('a configuration file of the pull request does not count, unless the head is trusted', () => {
  const place = pullRequest({}, here =>
    put(here, { 'a.yaml': shopVirtualService('a'), 'vs2route.config.yaml': 'exclude: [a.yaml]\n' }),
  );
  expect(check(place)).toEqual(found);
  expect(check(place, ['--trust-head'])).toEqual(nothing);
});

test('a report and a review take the configuration of the target, unless the head is trusted', () => {
  const place = pullRequest({}, here =>
    put(here, { 'a.yaml': shopVirtualService('a'), 'vs2route.config.yaml': 'exclude: [a.yaml]\n' }),
  );
  const reported = (more: readonly string[]): readonly string[] => {
    const { stdout } = place.runReal(['report', '--format', 'json', '--fail-on', 'never', ...more]);
    return JSON.parse(stdout).resources.map(({ name }: Readonly<Record<string, string>>) => name);
  };
  expect(reported(['--base', 'target'])).toEqual(['a']);
  expect(reported(['--base', 'target', '--trust-head'])).toEqual([]);
  expect(reported([])).toEqual([]);
  put(place, { 'vs2route.config.yaml': 'no: such\n' });
  expect(place.runReal(['review', '--base', 'target', '--trust-head']).code).toBe(2);
  const { code, stderr } = place.runReal(['review', '--base', 'target']);
  expect({ code, stderr: stderr.split('\n')[0] }).toEqual({
    code: 0,
    stderr: expect.stringMatching(/^vs2route review: /),
  });
});

test('the configuration of the target counts, even if the pull request changes or deletes it', () => {
  const config = 'exclude:\n- b.yaml\n- never.yaml\n';
  for (const after of ['exclude:\n- a.yaml\n- b.yaml\n', undefined]) {
    const place = pullRequest({ 'vs2route.config.yaml': config }, here => {
      put(here, { 'a.yaml': shopVirtualService('a'), 'b.yaml': shopVirtualService('b') });
      if (after === undefined) git(here, 'rm', '--quiet', 'vs2route.config.yaml');
      else put(here, { 'vs2route.config.yaml': after });
    });
    expect(check(place)).toEqual(found);
  }
});

test('tracked files are read, whatever .gitignore says; untracked files are not', () => {
  const place = pullRequest({ '.gitignore': 'old.yaml\n' }, here => {
    put(here, { '.gitignore': '/*.yaml\nbuild/\n', 'a.yaml': shopVirtualService('a') });
    mkdirSync(join(here.path, 'build'));
    put(here, { 'build/b.yaml': shopVirtualService('b') });
  });
  put(place, { 'build/c.yaml': shopVirtualService('b') });
  expect(check(place)).toEqual({ code: 1, found: ['a.yaml convertible', 'build/b.yaml convertible'] });
  expect(check(place, ['--trust-head'])).toEqual(check(place));
  const { stdout } = place.runReal(['convert', '--quiet', '.']);
  expect(stdout.match(/^kind: .*/gm)).toEqual(['kind: HTTPRoute', 'kind: HTTPRoute']);
});

test('a VirtualService that is moved to where it is not read is a finding', () => {
  const moves: readonly (readonly [string, string])[] = [
    ['.hidden/a.yaml', 'a name that is hidden'],
    ['a.yaml.txt', 'another ending'],
  ];
  for (const [to] of moves) {
    const place = pullRequest({ 'a.yaml': shopVirtualService('a') }, here => {
      mkdirSync(join(here.path, '.hidden'));
      renameSync(join(here.path, 'a.yaml'), join(here.path, to));
    });
    expect(check(place)).toEqual({ code: 1, found: [`${to} not-read`] });
    const { runs } = JSON.parse(place.runReal(['check', '--base', 'target', '--format', 'sarif']).stdout);
    const [{ tool, results }] = runs;
    expect(tool.driver.rules.map(({ id }: Readonly<Record<string, string>>) => id)).toEqual(['not-read']);
    expect(results).toEqual([
      {
        ruleId: 'not-read',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'VirtualService a was moved from a.yaml to where it is not read' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: to },
              region: { startLine: 1, startColumn: 1, endLine: 2, endColumn: 1 },
            },
          },
        ],
        partialFingerprints: { primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]+:1$/) },
      },
    ]);
  }
  const seen = pullRequest({ 'a.yaml': shopVirtualService('a') }, here =>
    renameSync(join(here.path, 'a.yaml'), join(here.path, 'c.yaml')),
  );
  expect(check(seen)).toEqual(nothing);
});

test('written anew where it is not read, it is one, too; another one that was never read is none', () => {
  const place = pullRequest({ 'a.yaml': `${shopVirtualService('a')}---\n${shopService('x')}` }, here => {
    put(here, { 'a.yaml': shopService('x'), 'a.tpl': `# {{ a }}\n${shopVirtualService('a')}# {{ end }}\n` });
    put(here, { 'new.tpl': shopVirtualService('new') });
  });
  expect(check(place)).toEqual({ code: 1, found: ['a.tpl not-read'] });
});

test('facts of a configuration file that nobody named stay within the repository', () => {
  const place = placeWith({
    'repo/a.yaml': shopVirtualService('a'),
    'repo/facts/services.yaml': shopService('a'),
    'outside/services.yaml': shopService('a'),
  });
  git(place, 'init', '--quiet', 'repo');
  symlinkSync('../outside', join(place.path, 'repo/link'));
  const run = (paths: string, more: readonly string[] = []) => {
    put(place, { 'repo/vs2route.config.yaml': `with: [${paths}]\n` });
    const { code, stderr } = place.runReal(['convert', '--quiet', ...more, 'a.yaml'], { folder: 'repo' });
    return code === 0 ? 'converted' : stderr.split('\n')[0];
  };
  const refused = (path: string, how: string) => `error: vs2route.config.yaml: with: ${path} leads ${how}`;
  expect(run('facts')).toBe('converted');
  expect(run('"facts/*.yaml"')).toBe('converted');
  expect(run('../outside')).toBe(refused('../outside', 'out of the repository'));
  expect(run('"../outside/*.yaml"')).toBe(refused('../outside/*.yaml', 'out of the repository'));
  expect(run('link')).toBe(refused('link', 'through a symbolic link'));
  expect(run('link/services.yaml')).toBe(refused('link/services.yaml', 'through a symbolic link'));
  expect(run('../outside', ['--config', 'vs2route.config.yaml'])).toBe('converted');
});

test('frames show no credentials, and nothing of files that are no manifests', () => {
  const token = 'x-api-key: "0123456789abcdef" # ';
  const place = placeWith({
    'a.yaml': shopVirtualService('a').replace('  hosts:', `  ${token}\n  hosts:`),
    notes: 'networking.istio.io\npassword of the house: [hunter2\n',
  });
  const { stderr } = place.runReal(['convert', 'a.yaml', '--with', 'notes', '--default-port', '80']);
  expect(stderr).toContain('x-api-key: [redacted]');
  expect(stderr).not.toContain('0123456789abcdef');
  expect(stderr).not.toContain('hunter2');
});

test.each([
  ['a line in the middle', 'a\nb\nc\nd\n', 'a\nx\ny\nc\nd\n'],
  ['the end', 'a\nb\n', 'a\n'],
  ['the start', 'b\nc\n', 'a\nb\nc\n'],
  ['two places', 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n', 'A\nb\nc\nd\ne\nf\ng\nh\ni\nJ\n'],
  ['everything', 'a\n', 'b\nc\n'],
])('the text before a change is told by the text after it and the diff: %s', (_what, before, after) => {
  const place = placeWith({ f: before });
  commitAll(place);
  put(place, { f: after });
  const [file] = parseDiff(git(place, 'diff'));
  expect(file && baseTextOf(file, after)).toBe(before);
  expect(file && baseTextOf(file, `${after}other\n`.replace(/^./, 'z'))).toBeUndefined();
});
