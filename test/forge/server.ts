import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What bodies of requests have, as far as the fakes look. */
export interface Body {
  readonly body?: unknown;
  readonly comments?: unknown;
  readonly event?: unknown;
  readonly commit_id?: unknown;
  readonly path?: unknown;
  readonly line?: unknown;
  readonly start_line?: unknown;
  readonly subject_type?: unknown;
  readonly position?: unknown;
}

/** A request as a fake forge saw it. */
export interface Seen {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Body | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server on the loopback interface; it goes when the test is over. */
export interface Server {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** The requests that write. */
  writes(): readonly Seen[];
  forget(): void;
  /** Answers matching requests in the forge's stead, as often as is said. */
  intercept(matches: (seen: Seen) => boolean, reply: Intercepted, times?: number): void;
}

/** @param forge does what was asked, and answers as it would have */
type Intercepted = (seen: Seen, forge: () => Reply) => Reply;

export async function serve(answer: (seen: Seen, address: string) => Reply): Promise<Server> {
  const seen: Seen[] = [];
  const interceptions: {
    matches: (seen: Seen) => boolean;
    reply: Intercepted;
    left: number;
  }[] = [];
  let address = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', headers } = request;
      const one: Seen = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) };
      seen.push(one);
      const found = interceptions.find(({ matches, left }) => left > 0 && matches(one));
      if (found !== undefined) found.left -= 1;
      const asUsual = (): Reply => answer(one, address);
      const reply = found === undefined ? asUsual() : found.reply(one, asUsual);
      const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '');
      response.writeHead(reply.status, reply.headers);
      response.end(reply.status === 204 ? undefined : body);
    });
  });
  // As long as nginx keeps a connection that rests, in front of most forges.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: address,
    seen,
    writes: () => seen.filter(({ method }) => method !== 'GET'),
    forget: () => {
      seen.length = 0;
    },
    intercept: (matches, reply, times = 1) => {
      interceptions.push({ matches, reply, left: times });
    },
  };
}

/** One page of a list, with the address of the next as GitHub and GitLab give it. */
export function page(items: readonly unknown[], url: string, address: string): Reply {
  const parsed = new URL(url, address);
  const size = Number(parsed.searchParams.get('per_page') ?? 30);
  const number = Number(parsed.searchParams.get('page') ?? 1);
  const isLast = number * size >= items.length;
  parsed.searchParams.set('page', String(number + 1));
  return {
    status: 200,
    body: items.slice((number - 1) * size, number * size),
    ...(!isLast && { headers: { link: `<${parsed.href}>; rel="next"` } }),
  };
}

/** A comment of ours as people see it, whatever the forge calls its fields. */
export interface Shown {
  readonly where: 'line' | 'file' | 'summary';
  readonly path?: string;
  /** The first and the last line that it stands at. */
  readonly lines?: readonly [number, number];
  readonly body: string;
}

/** A push, as far as comments have to know. */
export interface Pushed {
  /** The newest commit, and the one it is compared with. */
  readonly head: string;
  readonly base: string;
  /** The diff from the newest commit before, without lines around the changes. */
  readonly between: string;
}

/** What tests of both forges need. */
export interface FakeForge extends Server {
  /** What a job of CI has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Our comments, in the order they were made. */
  shown(): readonly Shown[];
  /** Somebody answers our first comment. */
  answer(text: string): void;
  /** Somebody writes outside of the diff. */
  say(text: string, association?: string): void;
  label(name: string): void;
  /** Somebody answers our comment outside of the diff, as the forge lets one. */
  answerSummary(text: string): void;
  /** The pull request has another diff now, and comments move with their lines. */
  push(diff: string, pushed?: Pushed): void;
  close(): void;
  /** Presses the button of every suggestion of a file; throws where the forge would not let one. */
  applySuggestions(path: string, text: string): string;
}

/** One file of a diff, as lists of changed files have it. */
export interface FakeFile {
  readonly before: string;
  readonly after: string;
  readonly status: 'added' | 'removed' | 'renamed' | 'modified';
  /** Without the lines that name the file. */
  readonly hunks: string;
}

/** Takes a diff of git apart; read apart from how vs2route reads it. */
export function filesOf(diff: string): readonly FakeFile[] {
  return diff
    .split(/^(?=diff --git )/m)
    .filter(part => part !== '')
    .map(part => {
      const [, before = '', after = ''] = /^diff --git a\/(.*?) b\/(.*)$/m.exec(part) ?? [];
      const hunks = part.indexOf('\n@@');
      const status = /^new file/m.test(part)
        ? 'added'
        : /^deleted file/m.test(part)
          ? 'removed'
          : before === after
            ? 'modified'
            : 'renamed';
      return { before, after, status, hunks: hunks === -1 ? '' : part.slice(hunks + 1) };
    });
}

/** The lines that a diff shows of each file after the change, hunk by hunk; read apart from how vs2route reads it. */
export function shownLines(diff: string): ReadonlyMap<string, readonly (readonly [number, number])[]> {
  const shown = new Map<string, [number, number][]>();
  let path = '';
  for (const line of diff.split('\n')) {
    const name = /^\+\+\+ b\/(.*?)\t?$/.exec(line)?.[1];
    if (name !== undefined) path = name;
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null) continue;
    const start = Number(hunk[1]);
    const known = shown.get(path) ?? [];
    known.push([start, start + Number(hunk[2] ?? 1) - 1]);
    shown.set(path, known);
  }
  return shown;
}

/** The lines before which a diff removes others, for each file. */
export function removedBefore(diff: string): ReadonlyMap<string, ReadonlySet<number>> {
  return new Map(
    filesOf(diff).map(({ after, hunks }) => {
      const found = new Set<number>();
      let line = 0;
      for (const text of hunks.split('\n')) {
        const start = /^@@ -\S+ \+(\d+)/.exec(text)?.[1];
        if (start !== undefined) line = Number(start);
        else if (text.startsWith('-')) found.add(line);
        else if (text.startsWith('+') || text.startsWith(' ')) line += 1;
      }
      return [after, found];
    }),
  );
}

/** Puts suggestions into a file, the lower ones first. */
export function replaceLines(
  text: string,
  found: readonly { readonly start: number; readonly end: number; readonly lines: readonly string[] }[],
): string {
  const lines = text.split('\n');
  for (const { start, end, lines: now } of found.toSorted((a, b) => b.start - a.start))
    lines.splice(start - 1, end - start + 1, ...now);
  return lines.join('\n');
}

/** The text of the suggestion in a comment, undefined where it has none; read as CommonMark reads a fence. */
export function suggestionIn(
  body: string,
): { readonly info: string; readonly lines: readonly string[] } | undefined {
  const lines = body.split('\n');
  const start = lines.findIndex(line => /^`{3,}suggestion/.test(line));
  const fence = /^`+/.exec(lines[start] ?? '')?.[0];
  if (fence === undefined) return undefined;
  const length = lines.slice(start + 1).findIndex(line => /^`+$/.test(line) && line.length >= fence.length);
  return {
    info: (lines[start] ?? '').slice(fence.length),
    lines: lines.slice(start + 1, start + 1 + length),
  };
}
