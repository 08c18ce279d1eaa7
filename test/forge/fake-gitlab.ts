import { lineAfter } from './moved-lines.ts';
import { requestValidator } from './request-validator.ts';
import {
  type Body,
  type FakeForge,
  filesOf,
  page,
  type Reply,
  replaceLines,
  type Seen,
  type Shown,
  serve,
  suggestionIn,
} from './server.ts';

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
  readonly system: boolean;
  position?: Position;
}

interface Position {
  readonly position_type?: string;
  readonly new_path?: string;
  readonly old_path?: string;
  readonly new_line?: number;
  readonly old_line?: number;
  readonly base_sha?: string;
  readonly start_sha?: string;
  readonly head_sha?: string;
}

export interface FakeThread {
  readonly id: string;
  readonly individual_note: boolean;
  readonly notes: Note[];
}

/** One file of a merge request as GitLab lists it. */
export interface FakeDiff {
  readonly old_path: string;
  readonly new_path: string;
  readonly new_file: boolean;
  readonly renamed_file: boolean;
  readonly deleted_file: boolean;
  readonly collapsed?: boolean;
  readonly diff: string;
}

export interface FakeGitlab extends FakeForge {
  readonly request: { diffs: readonly FakeDiff[]; raw: string; sha: string; state: string; labels: string[] };
  readonly threads: FakeThread[];
}

const me = 42;
const base = '/api/v4/projects/shop%2Fmanifests/merge_requests/7';
const invalidRequest = requestValidator('gitlab.json');

/** What git shows of each file, as GitLab's list of diffs has it. */
export function gitlabDiffs(diff: string): readonly FakeDiff[] {
  return filesOf(diff).map(({ before, after, status, hunks }) => ({
    old_path: before,
    new_path: after,
    new_file: status === 'added',
    deleted_file: status === 'removed',
    renamed_file: status === 'renamed',
    diff: hunks,
  }));
}

/** The numbers that a line of the new file has, undefined where the diff does not show it. */
function lineIn(diffs: readonly FakeDiff[], path: string, wanted: number): { old?: number } | undefined {
  let [old, now] = [0, 0];
  for (const line of (diffs.find(({ new_path }) => new_path === path)?.diff ?? '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk !== null) [old, now] = [Number(hunk[1]), Number(hunk[2])];
    else if (line.startsWith('+')) {
      if (now === wanted) return {};
      now += 1;
    } else if (line.startsWith('-')) old += 1;
    else if (line.startsWith(' ')) {
      if (now === wanted) return { old };
      old += 1;
      now += 1;
    }
  }
  return undefined;
}

/** The part of GitLab that vs2route talks to. */
export async function fakeGitlab(diff: string): Promise<FakeGitlab> {
  const request: FakeGitlab['request'] = {
    diffs: gitlabDiffs(diff),
    raw: diff,
    sha: 'c'.repeat(40),
    state: 'opened',
    labels: [],
  };
  /** A merge request has a version for each push; a position names the commits of one. */
  const versions = [{ base_sha: 'a'.repeat(40), start_sha: 'b'.repeat(40), head_sha: request.sha }];
  const newest = () => versions.at(-1) ?? versions[0];
  const threads: FakeThread[] = [];
  let id = 500;

  const note = (body: Body, position?: Position): Note => {
    id += 1;
    return { id, body: String(body.body), author: { id: me }, system: false, ...(position && { position }) };
  };
  const invalid = (position: Position): string | undefined => {
    const { position_type, new_path = '', new_line, old_line } = position;
    const isOfVersion = versions.some(
      ({ base_sha, start_sha, head_sha }) =>
        position.base_sha === base_sha && position.start_sha === start_sha && position.head_sha === head_sha,
    );
    if (!isOfVersion) return 'wrong commits';
    if (!request.diffs.some(file => file.new_path === new_path)) return 'no such file';
    if (position_type === 'file') return undefined;
    const line = lineIn(request.diffs, new_path, new_line ?? 0);
    return line === undefined || line.old !== old_line ? 'line_code must be a valid line code' : undefined;
  };

  const answer = (seen: Seen, address: string): Reply => {
    const { method, body = {} } = seen;
    const { pathname } = new URL(seen.url, address);
    if (seen.headers['private-token'] !== 'secret-token')
      return { status: 401, body: { message: '401 Unauthorized' } };
    const malformed = invalidRequest(method, pathname.replace('/api/v4', ''), body);
    if (malformed !== undefined) return { status: 400, body: { message: `400 Bad request - ${malformed}` } };
    switch (`${method} ${pathname}`) {
      case 'GET /api/v4/user':
        return { status: 200, body: { id: me } };
      case `GET ${base}`:
        return {
          status: 200,
          body: {
            state: request.state,
            sha: request.sha,
            diff_refs: newest(),
            labels: request.labels,
            changes_count: String(request.diffs.length),
          },
        };
      case `GET ${base}/versions`: {
        const listed = versions.map(({ base_sha, start_sha, head_sha }, index) => {
          return {
            id: index + 1,
            base_commit_sha: base_sha,
            start_commit_sha: start_sha,
            head_commit_sha: head_sha,
          };
        });
        return page(listed.toReversed(), seen.url, address);
      }
      case `GET ${base}/diffs`:
        return page(request.diffs, seen.url, address);
      case `GET ${base}/raw_diffs`:
        return { status: 200, body: request.raw };
      case `GET ${base}/discussions`:
        return page(threads, seen.url, address);
      case `POST ${base}/discussions`: {
        const position = body.position as Position;
        const error = invalid(position);
        if (error !== undefined) return { status: 400, body: { message: `400 Bad request - ${error}` } };
        threads.push({ id: `d${id}`, individual_note: false, notes: [note(body, position)] });
        return { status: 201, body: {} };
      }
      case `POST ${base}/notes`:
        threads.push({ id: `d${id}`, individual_note: true, notes: [note(body)] });
        return { status: 201, body: {} };
      default:
        return change(seen, pathname, threads);
    }
  };
  const server = await serve(answer);
  return {
    ...server,
    request,
    threads,
    get env() {
      return {
        GITLAB_CI: 'true',
        GITLAB_TOKEN: 'secret-token',
        CI_API_V4_URL: `${server.url}/api/v4`,
        CI_PROJECT_ID: 'shop/manifests',
        CI_MERGE_REQUEST_IID: '7',
        CI_COMMIT_SHA: request.sha,
      };
    },
    shown: () =>
      threads.flatMap(({ notes: [first] }): readonly Shown[] => {
        const { position, body = '' } = first ?? {};
        if (first?.author.id !== me) return [];
        if (position === undefined) return [{ where: 'summary', body }];
        const { new_path: path = '', new_line } = position;
        if (new_line === undefined) return [{ where: 'file', path, body }];
        if (position.head_sha !== request.sha) return [{ where: 'line', path, body }];
        const [, above = '0', below = '0'] = /^`+suggestion:-(\d+)\+(\d+)$/m.exec(body) ?? [];
        const lines: Shown['lines'] = [new_line - Number(above), new_line + Number(below)];
        return [{ where: 'line', path, lines, body }];
      }),
    answer: text => {
      id += 1;
      const first = threads.find(({ notes }) => notes[0]?.position !== undefined) ?? threads[0];
      first?.notes.push({ id, body: text, author: { id: 7 }, system: false });
    },
    push: (now, pushed) => {
      request.diffs = gitlabDiffs(now);
      request.raw = now;
      if (pushed === undefined) return;
      const { head, base: from } = pushed;
      request.sha = head;
      const before = newest();
      const refs = { base_sha: from, start_sha: from, head_sha: head };
      versions.push(refs);
      const went = lineAfter(pushed.between);
      // GitLab moves a note on to the new version as long as it finds its line; else the note stays at the old one.
      for (const one of threads.flatMap(({ notes }) => notes)) {
        const { position } = one;
        if (position === undefined || position.head_sha !== before?.head_sha) continue;
        const { new_path = '', new_line } = position;
        const now = went(new_path, new_line ?? 1);
        if (now === undefined) continue;
        const { old_line: _gone, ...rest } = position;
        const shown = new_line === undefined ? undefined : lineIn(request.diffs, now.path, now.line)?.old;
        one.position = {
          ...rest,
          ...refs,
          new_path: now.path,
          ...(new_line !== undefined && { new_line: now.line }),
          ...(shown !== undefined && { old_line: shown }),
        };
      }
    },
    say: text => {
      id += 1;
      threads.push({
        id: `d${id}`,
        individual_note: true,
        notes: [{ id, body: text, author: { id: 7 }, system: false }],
      });
    },
    answerSummary: text => {
      id += 1;
      const thread = threads.find(
        ({ notes: [first] }) => first?.author.id === me && first.position === undefined,
      );
      thread?.notes.push({ id, body: text, author: { id: 7 }, system: false });
    },
    label: name => {
      request.labels.push(name);
    },
    close: () => {
      request.state = 'closed';
    },
    applySuggestions: (path, text) => {
      const found = threads.flatMap(({ notes: [first] }) => {
        const suggestion = suggestionIn(first?.body ?? '');
        const { new_path, new_line = 0 } = first?.position ?? {};
        const [, above = '0', below = '0'] = /suggestion:-(\d+)\+(\d+)/.exec(suggestion?.info ?? '') ?? [];
        if (new_path !== path || suggestion === undefined) return [];
        if (Number(above) > 100 || Number(below) > 100) throw new Error('further than GitLab reaches');
        return [{ start: new_line - Number(above), end: new_line + Number(below), lines: suggestion.lines }];
      });
      return replaceLines(text, found);
    },
  };
}

function change({ method, body }: Seen, pathname: string, threads: FakeThread[]): Reply {
  const match = /\/(?:discussions\/(\w+)\/)?notes\/(\d+)$/.exec(pathname);
  const index = threads.findIndex(({ id, individual_note, notes }) => {
    const isRightWay = match?.[1] === undefined ? individual_note : match[1] === id;
    return isRightWay && notes[0]?.id === Number(match?.[2]);
  });
  const first = threads[index]?.notes[0];
  if (first === undefined) return { status: 404, body: { message: '404 Not found' } };
  if (method === 'DELETE') {
    threads.splice(index, 1);
    return { status: 204 };
  }
  first.body = String(body?.body);
  return { status: 200, body: first };
}
