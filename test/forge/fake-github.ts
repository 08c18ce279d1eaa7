import { lineAfter } from './moved-lines.ts';
import { requestValidator } from './request-validator.ts';
import {
  type Body,
  type FakeFile,
  type FakeForge,
  filesOf,
  page,
  type Reply,
  removedBefore,
  replaceLines,
  type Seen,
  type Shown,
  serve,
  shownLines,
  suggestionIn,
} from './server.ts';

export interface FakeComment {
  readonly id: number;
  body: string;
  path?: string;
  line?: number | null;
  start_line?: number | null;
  readonly subject_type?: string;
  readonly in_reply_to_id?: number;
  readonly author_association?: string;
  readonly user: { readonly login: string; readonly type: string };
}

/** What the pull request is; a test changes it between runs. */
export interface FakePull {
  diff: string;
  head: string;
  state: 'open' | 'closed';
  /** The commit of the target. */
  base: string;
  labels: string[];
  readonly onDiff: FakeComment[];
  readonly onConversation: FakeComment[];
}

export interface FakeGithub extends FakeForge {
  readonly pull: FakePull;
}

/** GitHub shows the diff of more files in a list of files only. */
const MAX_FILES = 300;

const bot = { login: 'github-actions[bot]', type: 'Bot' };

const invalid = requestValidator('github-requests.json');

/** The part of GitHub that vs2route talks to, as strict as the real one where that is known. */
export async function fakeGithub(diff: string, more: { readonly login?: string } = {}): Promise<FakeGithub> {
  const pull: FakePull = {
    diff,
    head: 'a'.repeat(40),
    base: 'b'.repeat(40),
    state: 'open',
    labels: [],
    onDiff: [],
    onConversation: [],
  };
  let id = 1000;
  const author = more.login === undefined ? bot : { login: more.login, type: 'User' };

  const lineError = ({ path, line, start_line: start = line }: Body): string | undefined => {
    const hunks = shownLines(pull.diff).get(String(path)) ?? [];
    const isShown = hunks.some(([from, to]) => Number(start) >= from && Number(line) <= to);
    if (start !== line && Number(start) >= Number(line)) return 'start line must precede the end line';
    return isShown ? undefined : 'Pull request review thread line must be part of the diff';
  };
  const add = (to: FakeComment[], fields: Body): FakeComment => {
    id += 1;
    const { body, path, line, start_line, subject_type } = fields as Partial<FakeComment>;
    const comment: FakeComment = {
      id,
      body: String(body),
      user: author,
      ...(path !== undefined && {
        path,
        line: line ?? null,
        start_line: start_line ?? null,
        subject_type: subject_type ?? 'line',
      }),
    };
    to.push(comment);
    return comment;
  };

  const answer = (seen: Seen, address: string): Reply => {
    const { method, body = {} } = seen;
    const { pathname } = new URL(seen.url, address);
    if (seen.headers.authorization !== 'Bearer secret-token')
      return { status: 401, body: { message: 'Bad credentials' } };
    const base = '/repos/shop/manifests';
    if (pathname === '/user')
      return more.login === undefined
        ? { status: 403, body: { message: 'Resource not accessible by integration' } }
        : { status: 200, body: { login: more.login } };
    const error = invalid(method, pathname, body);
    if (error !== undefined) return { status: 422, body: { message: error } };
    if (typeof body.body === 'string' && body.body.length > 65536)
      return { status: 422, body: { message: 'body is too long (maximum is 65536 characters)' } };
    switch (`${method} ${pathname}`) {
      case `GET ${base}/pulls/7`:
        if (!String(seen.headers.accept).includes('diff'))
          return {
            status: 200,
            body: {
              state: pull.state,
              head: { sha: pull.head },
              base: { sha: pull.base },
              user: { login: 'bea' },
              labels: pull.labels.map(name => ({ name })),
              changed_files: filesOf(pull.diff).length,
            },
          };
        return filesOf(pull.diff).length > MAX_FILES
          ? { status: 406, body: { message: 'Sorry, the diff exceeded the maximum number of files (300).' } }
          : { status: 200, body: pull.diff === '' ? '\n' : pull.diff };
      case `GET ${base}/pulls/7/files`:
        return page(filesOf(pull.diff).map(listed), seen.url, address);
      case `GET ${base}/pulls/7/comments`:
        return page(pull.onDiff, seen.url, address);
      case `GET ${base}/issues/7/comments`:
        return page(pull.onConversation, seen.url, address);
      case `POST ${base}/pulls/7/reviews`: {
        const comments = body.comments as readonly Body[];
        if (comments.length > 30) return { status: 403, body: { message: 'abuse detection' } };
        const errors = comments.flatMap(comment => lineError(comment) ?? []);
        // A review without comments needs a text; one with comments does not.
        if (body.event !== 'COMMENT' || comments.length === 0 || body.commit_id !== pull.head)
          return { status: 422, body: { message: 'Unprocessable Entity' } };
        if (errors.length > 0) return { status: 422, body: { message: 'Unprocessable Entity', errors } };
        for (const comment of comments) add(pull.onDiff, comment);
        return { status: 200, body: {} };
      }
      case `POST ${base}/pulls/7/comments`: {
        const isFile = body.subject_type === 'file';
        const isThere = pull.diff.includes(`b/${String(body.path)}`);
        const error = isFile ? (isThere ? undefined : 'path could not be resolved') : lineError(body);
        if (error !== undefined)
          return { status: 422, body: { message: 'Validation Failed', errors: [error] } };
        return { status: 201, body: add(pull.onDiff, body) };
      }
      case `POST ${base}/issues/7/comments`:
        return { status: 201, body: add(pull.onConversation, body) };
      default:
        return change(seen, pathname, pull);
    }
  };
  const server = await serve(answer);
  return {
    ...server,
    pull,
    env: {
      GITHUB_TOKEN: 'secret-token',
      GITHUB_REPOSITORY: 'shop/manifests',
      GITHUB_API_URL: server.url,
      GITHUB_ACTIONS: 'true',
    },
    shown: () => [
      ...pull.onDiff.flatMap((comment): readonly Shown[] => {
        const { user, path = '', line, start_line, subject_type, body } = comment;
        if (user !== author) return [];
        if (subject_type === 'file') return [{ where: 'file', path, body }];
        if (line == null) return [{ where: 'line', path, body }];
        return [{ where: 'line', path, lines: [start_line ?? line, line], body }];
      }),
      ...pull.onConversation.flatMap(({ body, user }) =>
        user === author ? [{ where: 'summary' as const, body }] : [],
      ),
    ],
    answer: text => {
      const [first] = pull.onDiff;
      if (first === undefined) throw new Error('there is nothing to answer');
      id += 1;
      const { path = '', line = null } = first;
      pull.onDiff.push({
        id,
        body: text,
        path,
        line,
        in_reply_to_id: first.id,
        author_association: 'MEMBER',
        user: somebody,
      });
    },
    push: (now, pushed) => {
      pull.diff = now;
      if (pushed !== undefined) [pull.head, pull.base] = [pushed.head, pushed.base];
      const shown = shownLines(now);
      const went = lineAfter(pushed?.between ?? '');
      for (const comment of pull.onDiff) {
        const { line, start_line } = comment;
        // A comment on a file stays as long as the file is there, and one whose lines are gone is outdated for good.
        if (comment.path === undefined || line == null) continue;
        const [first, last] = [start_line ?? line, line].map(at => went(comment.path ?? '', at));
        const isThere =
          first !== undefined &&
          last !== undefined &&
          last.line - first.line === line - (start_line ?? line) &&
          (shown.get(last.path) ?? []).some(([from, to]) => first.line >= from && last.line <= to);
        if (isThere) {
          comment.path = last.path;
          comment.line = last.line;
          if (start_line != null) comment.start_line = first.line;
        } else comment.line = null;
      }
    },
    say: (text, association = 'MEMBER') => {
      id += 1;
      pull.onConversation.push({ id, body: text, user: somebody, author_association: association });
    },
    answerSummary: text => {
      const [first] = pull.onConversation.filter(({ user }) => user === author);
      const [line = ''] = first?.body.split('\n') ?? [];
      id += 1;
      pull.onConversation.push({ id, body: `> ${line}\n\n${text}`, user: somebody });
    },
    label: name => {
      pull.labels.push(name);
    },
    close: () => {
      pull.state = 'closed';
    },
    applySuggestions: (path, text) => {
      const removed = removedBefore(pull.diff).get(path) ?? new Set();
      const found = pull.onDiff.flatMap(({ path: at, line, start_line, body }) => {
        const suggestion = suggestionIn(body);
        if (at !== path || line == null || suggestion === undefined) return [];
        const start = start_line ?? line;
        if ([...removed].some(before => before > start && before <= line))
          throw new Error('Applying suggestions on deleted lines is not supported.');
        return [{ start, end: line, lines: suggestion.lines }];
      });
      return replaceLines(text, found);
    },
  };
}

const somebody = { login: 'ann', type: 'User' };

function listed({ before, after, status, hunks }: FakeFile): object {
  const changes = hunks.split('\n').filter(line => /^[-+]/.test(line)).length;
  const previous = status === 'renamed' ? { previous_filename: before } : {};
  return { filename: after, ...previous, status, changes, ...(hunks !== '' && { patch: hunks.trimEnd() }) };
}

function change({ method, body = {} }: Seen, pathname: string, pull: FakePull): Reply {
  const match = /^\/repos\/shop\/manifests\/(pulls|issues)\/comments\/(\d+)$/.exec(pathname);
  const list = match?.[1] === 'pulls' ? pull.onDiff : pull.onConversation;
  const index = list.findIndex(({ id }) => id === Number(match?.[2]));
  const comment = list[index];
  if (match === null || comment === undefined) return { status: 404, body: { message: 'Not Found' } };
  if (method === 'DELETE') {
    list.splice(index, 1);
    return { status: 204 };
  }
  comment.body = String(body.body);
  return { status: 200, body: comment };
}
