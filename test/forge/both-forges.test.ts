import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verify } from '../../src/index.ts';
import { subsetsOf, tightPool } from '../shop-objects.ts';
import { fakeGithub } from './fake-github.ts';
import { fakeGitlab } from './fake-gitlab.ts';
import {
  diffOf,
  type Files,
  faulty,
  folderWith,
  service,
  suggest,
  virtualService,
  writeFiles,
} from './run.ts';
import type { Seen, Shown } from './server.ts';
import { written } from './written.ts';

/** What differs between forges that do the same. */
const forges = [
  {
    name: 'GitHub',
    fake: (diff: string) => fakeGithub(diff),
    args: ['--post', '--pull-request', '7'],
    refusal: { status: 422, body: { message: 'Unprocessable Entity' } },
    denial: { status: 403, body: { message: 'Resource not accessible by integration' } },
    isAnchoredAt: (path: string) => (text: string) =>
      text.includes(`"path":"${path}"`) && text.includes('"side"'),
    /** One line changed in a document: GitHub wants all its lines in the diff, GitLab one. */
    ofOneLine: 'file',
    maxBody: 65_536,
    nextUrl: (path: string) => path.includes('/pulls/7/comments?'),
  },
  {
    name: 'GitLab',
    fake: (diff: string) => fakeGitlab(diff),
    args: ['--post'],
    refusal: { status: 400, body: { message: '400 Bad request - Note {:line_code=>["can\'t be blank"]}' } },
    denial: { status: 403, body: { message: '403 Forbidden' } },
    isAnchoredAt: (path: string) => (text: string) =>
      text.includes(`"new_path":"${path}"`) && text.includes('"new_line"'),
    ofOneLine: 'line',
    maxBody: 1_000_000,
    nextUrl: (path: string) => path.includes('/discussions?'),
  },
] as const;

const services = { 'services.yaml': ['reviews', 'ratings', 'cart'].map(service).join('---\n') };
const withReviews = { ...services, 'reviews.yaml': virtualService('reviews') };

const destinationRule = (name: string): string => subsetsOf(name, ['v2'], tightPool);
const subsetted = virtualService('reviews').replaceAll(
  'host: reviews\n',
  'host: reviews\n        subset: v2\n',
);

function placesOf(shown: readonly Shown[]): readonly unknown[] {
  return shown.map(({ where, path, lines }) => [where, path, lines]);
}

describe.each(forges)('$name', forge => {
  const isPost = ({ method }: Seen): boolean => method === 'POST';
  const isGet = ({ method }: Seen): boolean => method === 'GET';

  async function pullRequest(before: Files, after: Files, renames: Readonly<Record<string, string>> = {}) {
    const fake = await forge.fake(diffOf(before, after, renames));
    const folder = folderWith(after);
    return {
      fake,
      folder,
      run: (...args: readonly string[]) => suggest(folder, [...forge.args, ...args], fake.env),
      /** The pull request gets other files. */
      push: (files: Files) => {
        writeFiles(folder, files);
        fake.push(diffOf(before, files, renames));
        fake.forget();
      },
    };
  }

  test('a first run, a second with nothing to do, and one after the fix', async () => {
    const after = { ...withReviews, 'ratings.yaml': faulty('ratings') };
    const { fake, run, push } = await pullRequest(services, after);
    const first = await run();
    expect(first.code).toBe(1);
    expect(first.stderr).toContain('2 new comments, 0 edited, 0 removed, 0 already there.');
    expect(placesOf(fake.shown())).toEqual([
      ['line', 'ratings.yaml', [12, 12]],
      ['line', 'reviews.yaml', [1, 18]],
    ]);

    fake.forget();
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 2 already there.');
    expect(fake.writes()).toEqual([]);

    const fixed = fake.applySuggestions('reviews.yaml', after['reviews.yaml']);
    expect(fixed).toBe(written(after)['reviews.yaml']);
    push({ ...after, 'reviews.yaml': fixed });
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 1 removed, 1 already there.');
    expect(placesOf(fake.shown())).toEqual([['line', 'ratings.yaml', [12, 12]]]);
  });

  test('a changed comment is edited, a moved one is written anew, an answered one stays', async () => {
    const { fake, run, push } = await pullRequest(services, withReviews);
    await run();
    push({ ...services, 'reviews.yaml': virtualService('reviews', '/v2') });
    expect((await run()).stderr).toContain('0 new comments, 1 edited, 0 removed, 0 already there.');
    expect(fake.shown()[0]?.body).toContain('value: /v2');

    push({ ...services, 'reviews.yaml': `# Ours.\n\n${virtualService('reviews', '/v2')}` });
    expect((await run()).stderr).toContain('1 new comments, 0 edited, 1 removed, 0 already there.');
    fake.forget();
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 1 already there.');
    expect(fake.writes()).toEqual([]);

    fake.answer('Why?');
    push(written({ ...services, 'reviews.yaml': virtualService('reviews', '/v2') }));
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 0 already there.');
    expect(fake.shown()).toHaveLength(1);
  });

  test('the edge of a hunk', async () => {
    const all = virtualService('reviews').split('\n');
    const kinds: unknown[] = [];
    // The first lines are unchanged, and three unchanged lines are shown above a change.
    for (const unchanged of [3, 4]) {
      const before = { ...services, 'reviews.yaml': `${all.slice(0, unchanged).join('\n')}\n` };
      const { fake, run } = await pullRequest(before, withReviews);
      await run();
      kinds.push(...fake.shown().map(({ where }) => where));
      const [only] = fake.shown();
      if (only?.where === 'line')
        expect(fake.applySuggestions('reviews.yaml', withReviews['reviews.yaml'])).toBe(
          written(withReviews)['reviews.yaml'],
        );
    }
    expect(kinds).toEqual(['line', forge.ofOneLine]);
  });

  test('one line of a document changes', async () => {
    const after = { ...services, 'reviews.yaml': virtualService('reviews', '/v2') };
    const { fake, run } = await pullRequest(withReviews, after);
    await run();
    expect(fake.shown().map(({ where, path }) => [where, path])).toEqual([[forge.ofOneLine, 'reviews.yaml']]);
    fake.forget();
    await run();
    expect(fake.writes()).toEqual([]);
  });

  test('a renamed file, with a change and without; a file that is gone', async () => {
    const before = {
      ...services,
      'old.yaml': virtualService('reviews'),
      'gone.yaml': virtualService('cart'),
    };
    const renames = { 'new.yaml': 'old.yaml' };
    const changed = await pullRequest(
      before,
      { ...services, 'new.yaml': virtualService('reviews', '/v2') },
      renames,
    );
    await changed.run();
    expect(changed.fake.shown().map(({ where, path }) => [where, path])).toEqual([
      [forge.ofOneLine, 'new.yaml'],
    ]);
    const only = await pullRequest(before, { ...services, 'new.yaml': virtualService('reviews') }, renames);
    const { code, stderr } = await only.run();
    expect(code).toBe(0);
    expect(stderr).toContain('nothing to convert');
    expect(only.fake.writes()).toEqual([]);
  });

  test('carriage returns, and no line break at the end: no suggestion, since it would not keep them', async () => {
    for (const [text, why] of [
      [virtualService('reviews').replaceAll('\n', '\r\n'), 'No button: the file has carriage returns'],
      [virtualService('reviews').trimEnd(), 'No button: the file has no line break at its end'],
    ] as const) {
      const { fake, run } = await pullRequest(services, { ...services, 'reviews.yaml': text });
      await run();
      expect(placesOf(fake.shown())).toEqual([['file', 'reviews.yaml', undefined]]);
      expect(fake.shown()[0]?.body).toContain(why);
    }
  });

  test('300 files: one comment with one command, by fewer than six calls; a second run writes nothing', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `app-${String(index).padStart(3, '0')}`);
    const base = { 'services.yaml': names.map(service).join('---\n') };
    const after = {
      ...base,
      ...Object.fromEntries(names.map(name => [`${name}.yaml`, virtualService(name)])),
    };
    const { fake, run } = await pullRequest(base, after);
    const first = await run();
    expect(first.stderr).toContain('1 new comments');
    expect(fake.seen.length).toBeLessThan(6);
    const [only, ...others] = fake.shown();
    expect(others).toEqual([]);
    expect(only?.where).toBe('summary');
    expect(only?.body).toContain('### vs2route: 300 conversions to make');
    const [, command = ''] = /^```sh\n(.*)\n```$/m.exec(only?.body ?? '') ?? [];
    expect(command).toBe(`vs2route convert --write ${names.map(name => `${name}.yaml`).join(' ')} --with=.`);
    fake.forget();
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 1 already there.');
    expect(fake.writes()).toEqual([]);
  }, 240_000);

  test('one anchor that is refused does not lose the others, and goes to its file', async () => {
    const after = { ...withReviews, 'cart.yaml': virtualService('cart') };
    const { fake, run } = await pullRequest(services, after);
    const isCart = forge.isAnchoredAt('cart.yaml');
    fake.intercept(
      seen => isPost(seen) && isCart(JSON.stringify(seen.body)),
      () => forge.refusal,
      2,
    );
    expect((await run()).stderr).toContain('2 new comments');
    expect(placesOf(fake.shown()).toSorted()).toEqual([
      ['file', 'cart.yaml', undefined],
      ['line', 'reviews.yaml', [1, 18]],
    ]);
  });

  test('everything is refused: it ends, and is said elsewhere', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isPost, () => forge.refusal, 1000);
    const { code, stdout, stderr } = await run('--fail-on', 'never');
    expect(code).toBe(0);
    expect(stderr).toContain('comments were refused');
    expect(stdout + stderr).toContain('VirtualService shop/reviews becomes HTTPRoute shop/reviews');
    expect(fake.shown()).toEqual([]);
  });

  test('no permission to write: said elsewhere, with the exit code of the findings', async () => {
    const after = { ...withReviews, 'ratings.yaml': faulty('ratings') };
    const { fake, folder } = await pullRequest(services, after);
    fake.intercept(isPost, () => forge.denial, 99);
    const env = { ...fake.env, GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const never = await suggest(folder, [...forge.args, '--fail-on', 'never'], env);
    expect(never.code).toBe(0);
    expect(never.stderr).toContain('may not be commented on with this token (403)');
    expect(never.stdout).toBe(
      '::error file=ratings.yaml,line=12,title=vs2route%3A cannot be converted yet::VirtualService shop/ratings cannot be converted: fault injection (abort) cannot be expressed in a route [fault-injection]\n' +
        '::notice file=reviews.yaml,line=1,endLine=18,title=vs2route%3A can be converted::VirtualService shop/reviews becomes HTTPRoute shop/reviews\n',
    );
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('### Cannot be converted yet');
    expect((await suggest(folder, forge.args, env)).code).toBe(1);
  });

  test('waits as long as it is told to, and tries again', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isGet, () => ({ status: 500 }));
    fake.intercept(isPost, () => ({ status: 429, headers: { 'retry-after': '17' }, body: {} }));
    const { slept, stderr } = await run();
    expect(slept).toEqual([1000, 17_000]);
    expect(stderr).toContain('1 new comments');
  });

  test('a wait of hours is not waited for, and a server that stays down is given up', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isPost, () => ({ status: 429, headers: { 'retry-after': '7200' } }));
    const limited = await run('--fail-on', 'never');
    expect(limited).toMatchObject({ code: 0, slept: [] });
    expect(limited.stderr).toContain('asks us to wait 7200 seconds');
    fake.intercept(isGet, () => ({ status: 503, body: 'Unavailable' }), 99);
    const down = await run('--fail-on', 'never');
    expect(down.code).toBe('refused');
    expect(down.slept).toEqual([1000, 2000, 4000]);
    expect(down.stderr).toContain('no use talking to it now (503)');
  });

  test('a comment whose answer was lost is not written twice', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isPost, (_, forge) => {
      forge();
      return { status: 500, body: 'Internal server error' };
    });
    expect((await run()).stderr).toContain('0 new comments, 0 edited, 0 removed, 1 already there.');
    expect(placesOf(fake.shown())).toEqual([['line', 'reviews.yaml', [1, 18]]]);
  });

  test('too long for a suggestion, and for a comment', async () => {
    const entries = Array.from(
      { length: 900 },
      (_, index) =>
        `  - match:\n    - uri:\n        exact: /a-path-that-is-rather-long-so-that-it-takes-some-room-${'x'.repeat(120)}/${index}\n    route:\n    - destination:\n        host: reviews\n`,
    ).join('');
    const text = virtualService('reviews').replace('  http:\n', `  http:\n${entries}`);
    const { fake, run } = await pullRequest(services, { ...services, 'reviews.yaml': text });
    await run();
    expect(placesOf(fake.shown())).toEqual([['file', 'reviews.yaml', undefined]]);
    const [only] = fake.shown();
    expect(only?.body).toContain('The diff is too long to be shown here');
    expect(only?.body.length).toBeLessThan(forge.maxBody);
  }, 180_000);

  test('edits in two files that belong together: the button of the route is safe alone, and the subsets stay', async () => {
    const after = {
      ...services,
      'k8s/rule.yaml': destinationRule('reviews'),
      'k8s/vs.yaml': subsetted,
    };
    const { fake, run } = await pullRequest(services, after);
    await run();
    expect(placesOf(fake.shown())).toEqual([['line', 'k8s/vs.yaml', [1, 20]]]);
    const [main] = fake.shown();
    expect(main?.body).toContain(
      'The subsets in `k8s/rule.yaml` stay as they are; the route does not use them.',
    );
    expect(main?.body).not.toContain('Part 1');
    const routed = fake.applySuggestions('k8s/vs.yaml', after['k8s/vs.yaml']);
    expect(routed).toBe(written(after)['k8s/vs.yaml']);
    const texts = (files: Files) => Object.entries(files).map(([path, text]) => ({ path, text }));
    expect(verify(texts(after), texts({ ...after, 'k8s/vs.yaml': routed })).same).toBe(true);
  });

  test('only a DestinationRule changes, and its VirtualService is elsewhere: with --filter added one comment, without what tidies', async () => {
    const kustomization = 'resources:\n- services.yaml\n- rule.yaml\n- vs.yaml\n';
    const plainRule = destinationRule('reviews').replace(/ {2}trafficPolicy[\s\S]*?(?= {2}subsets)/, '');
    const before = {
      ...services,
      'kustomization.yaml': kustomization,
      'rule.yaml': plainRule,
      'vs.yaml': subsetted,
    };
    const after = { ...before, 'rule.yaml': plainRule.replace('version: v2', 'version: v3') };
    const { fake, run } = await pullRequest(before, after);
    await run();
    expect(placesOf(fake.shown())).toEqual([['file', 'rule.yaml', undefined]]);
    const [only] = fake.shown();
    expect(only?.body).toContain(
      'This makes the edit:\n\n```sh\nvs2route convert --write vs.yaml --with=.\n```',
    );
    expect(only?.body.match(/^diff --git .*$/gm)).toEqual(['diff --git a/vs.yaml b/vs.yaml']);
    fake.forget();
    await run();
    expect(fake.writes()).toEqual([]);
  });

  test('only a Service changes: nothing is said', async () => {
    const after = {
      ...withReviews,
      'services.yaml': services['services.yaml'].replace('port: 80', 'port: 81'),
    };
    const { fake, run } = await pullRequest(withReviews, after);
    await run();
    expect(fake.writes()).toEqual([]);
  });

  test('a reason that is not in the diff is told at the nearest line that is', async () => {
    const before = { ...services, 'ratings.yaml': faulty('ratings') };
    const after = {
      ...services,
      'ratings.yaml': faulty('ratings').replace('  name: ratings', '  labels:\n    a: b\n  name: ratings'),
    };
    const { fake, run } = await pullRequest(before, after);
    await run();
    expect(placesOf(fake.shown())).toEqual([['line', 'ratings.yaml', [8, 8]]]);
    expect(fake.shown()[0]?.body).toMatch(
      /^- \[`fault-injection`\]\(\S+\/docs\/codes\/resilience\.md#fault-injection\) .* \(line 14\)/m,
    );
  });

  test('a dry run prints what a run then sends, and sends nothing', async () => {
    const after = { ...withReviews, 'ratings.yaml': faulty('ratings') };
    const { fake, run } = await pullRequest(services, after);
    const { stdout } = await run('--dry-run');
    expect(fake.writes()).toEqual([]);
    await run();
    const sent = fake
      .writes()
      .map(({ method, url, body }) => ({ method, path: url.replace(/^\/api\/v4/, ''), body }));
    expect(JSON.parse(stdout)).toEqual(sent);
  });

  test('runs with different tags leave each other alone', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    await run('--tag', 'one');
    await run('--tag', 'two-->');
    expect(fake.shown()).toHaveLength(2);
    fake.forget();
    await run('--tag', 'two-->');
    expect(fake.writes()).toEqual([]);
  });

  test('credentials are not repeated', async () => {
    const secret = 'Basic dXNlcjpodW50ZXIyaHVudGVyMg==';
    const text = virtualService('reviews').replace(
      '    route:',
      `    headers:\n      request:\n        set:\n          authorization: ${secret}\n    route:`,
    );
    const { fake, folder } = await pullRequest(services, { ...services, 'reviews.yaml': text });
    const env = { ...fake.env, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const { stdout, stderr } = await suggest(folder, forge.args, env);
    const bodies = JSON.stringify(fake.writes().map(({ body }) => body));
    const said = bodies + stdout + stderr + readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(said).not.toContain('dXNlcjpodW50ZXIyaHVudGVyMg');
    expect(said).not.toContain('secret-token');
    expect(said).toContain('something in it looks like a credential');
    expect(said).toContain('The diff is left out');
  });

  test('names that try to break out of everything', async () => {
    const path = 'k8s/`@all <img src=x> ##[error]::error::.yaml';
    const text = virtualService('reviews', '/`````suggestion')
      .replace('metadata:', 'metadata:\n  annotations:\n    note: "</details> @everyone ::error::x"')
      .replace('hosts:\n', 'hosts: # ```\n');
    // The last line break is missing, so that it is no suggestion.
    const { fake, run } = await pullRequest(services, { ...services, [path]: text.trimEnd() });
    await run();
    expect(placesOf(fake.shown())).toEqual([['file', path, undefined]]);
    const [only] = fake.shown();
    const outside = (only?.body ?? '').replaceAll(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/<img|@all|@everyone|##\[|::error/);
    expect(outside.match(/<\/details>/g)).toHaveLength(2);
  });

  test('a diff of another commit than the files: said, and no line is trusted', async () => {
    const { fake, folder, run } = await pullRequest(services, withReviews);
    writeFileSync(join(folder, 'reviews.yaml'), `# Added on the target.\n${withReviews['reviews.yaml']}`);
    expect((await run()).stderr).toContain('the diff does not fit reviews.yaml');
    expect(placesOf(fake.shown())).toEqual([['file', 'reviews.yaml', undefined]]);
    expect(fake.shown()[0]?.body).toContain(
      'No button: the diff and `reviews.yaml` are not of the same commit.',
    );
  });

  test('one that is closed is left alone', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.close();
    expect((await run()).stderr).toContain('is closed');
    expect(fake.writes()).toEqual([]);
  });

  test('nobody but the forge gets the token', async () => {
    const asked: unknown[] = [];
    const stranger = createServer((request, response) => {
      asked.push(request.url);
      response.end('[]');
    });
    await new Promise<void>(resolve => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isGet, () => ({ status: 302, headers: { location: elsewhere } }));
    expect((await run()).stderr).toContain('sends us to another server');
    fake.intercept(
      ({ url }) => forge.nextUrl(url),
      () => ({ status: 200, body: [], headers: { link: `<${elsewhere}>; rel="next"` } }),
      99,
    );
    expect((await run()).stderr).toContain('sends us to another server');
    expect(asked).toEqual([]);
  });

  test('a token may end with a line break; one with a line break inside is refused and not printed', async () => {
    const { fake, folder } = await pullRequest(services, withReviews);
    const withToken = (token: string) =>
      suggest(folder, forge.args, { ...fake.env, GITHUB_TOKEN: token, GITLAB_TOKEN: token });
    expect((await withToken('secret-token\n')).stderr).toContain('1 new comments');
    const { code, stdout, stderr } = await withToken('secret\ntoken');
    expect(code).toBe('refused');
    expect(stderr).toContain('the token has characters that no token has');
    expect(stdout + stderr).not.toMatch(/secret/);
  });

  test('a repository that moved within the forge is followed', async () => {
    const { fake, run } = await pullRequest(services, withReviews);
    fake.intercept(isGet, seen => ({ status: 301, headers: { location: `${fake.url}${seen.url}` } }));
    expect((await run()).stderr).toContain('1 new comments');
  });
});
