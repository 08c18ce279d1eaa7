import { useEffect, useMemo, useState } from 'preact/hooks';
import { addressOf, objectAddress, type PageIndex } from '../reporters/page/page-data.ts';
import type {
  RuleView,
  TraceAnswer,
  TracedEnvironment,
  TracedSideView,
  TraceRequest,
} from './trace-messages.ts';
import type { Tracer } from './tracer.ts';

interface Props {
  readonly index: PageIndex;
  readonly tracer: Tracer;
  readonly params: URLSearchParams;
}

/** Follows one request before and after the conversion, by the engine itself. */
export function TraceView({ index, tracer, params }: Props) {
  const [answer, setAnswer] = useState<TraceAnswer | 'working' | undefined>();
  const asked = params.toString();
  useEffect(() => {
    const request = requestOf(new URLSearchParams(asked));
    if (request === undefined) return setAnswer(undefined);
    let isCurrent = true;
    setAnswer('working');
    // The page says that it works before the worker is started, which takes a moment.
    setTimeout(() => {
      void tracer.trace(request).then(result => {
        if (isCurrent) setAnswer(result);
      });
    }, 0);
    return () => {
      isCurrent = false;
    };
  }, [asked, tracer]);
  return (
    <section class="trace">
      <h1>Trace a request</h1>
      <TraceForm key={asked} index={index} params={params} />
      <div aria-live="polite">
        {answer === 'working' ? (
          <p class="working">Tracing…</p>
        ) : (
          answer && <Answer answer={answer} index={index} />
        )}
      </div>
    </section>
  );
}

function requestOf(params: URLSearchParams): TraceRequest | undefined {
  const host = params.get('host')?.trim().toLowerCase() ?? '';
  if (host === '') return undefined;
  const port = Number(params.get('port') ?? '');
  const scheme = params.get('scheme');
  const [path = '/', query = ''] = (params.get('path') || '/').split('?');
  const pairs = (name: string, by: string): Record<string, string> =>
    Object.fromEntries(
      params.getAll(name).flatMap(text => {
        const at = text.indexOf(by);
        return at < 1 ? [] : [[text.slice(0, at).trim(), text.slice(at + by.length).trim()]];
      }),
    );
  const headers = Object.entries(pairs('header', ':')).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    host,
    path,
    method: (params.get('method') || 'GET').toUpperCase(),
    headers: Object.fromEntries(headers),
    queryParams: { ...Object.fromEntries(new URLSearchParams(query)), ...pairs('query', '=') },
    ...(Number.isInteger(port) && port > 0 ? { port } : {}),
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
  };
}

function TraceForm({ index, params }: Omit<Props, 'tracer'>) {
  const hosts = useMemo(() => [...new Set(index.rows.flatMap(({ hosts: own }) => own))].sort(), [index]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const next = new URLSearchParams();
    for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement))
      for (const line of String(value).split('\n')) if (line.trim() !== '') next.append(name, line.trim());
    for (const value of params.getAll('query')) next.append('query', value);
    location.hash = `${addressOf('trace')}?${next}`;
  };
  const text = (name: string, fallback = ''): string => params.get(name) ?? fallback;
  return (
    <form class="trace-form card" onSubmit={submit}>
      <label>
        Host
        <input
          name="host"
          required
          list="hosts"
          autocomplete="off"
          spellcheck={false}
          defaultValue={text('host')}
        />
        <datalist id="hosts">
          {hosts.map(host => (
            <option key={host} value={host} />
          ))}
        </datalist>
      </label>
      <label>
        Port
        <input
          name="port"
          inputmode="numeric"
          pattern="[0-9]*"
          placeholder="any"
          defaultValue={text('port')}
        />
      </label>
      <label>
        Method
        <input name="method" defaultValue={text('method', 'GET')} />
      </label>
      <label class="wide">
        Path
        <input name="path" autocomplete="off" spellcheck={false} defaultValue={text('path', '/')} />
      </label>
      <label class="wide">
        Headers, one a line
        <textarea
          name="header"
          rows={2}
          spellcheck={false}
          placeholder="x-user: jason"
          defaultValue={params.getAll('header').join('\n')}
        />
      </label>
      <button type="submit">Trace</button>
    </form>
  );
}

function Answer({ answer, index }: { readonly answer: TraceAnswer; readonly index: PageIndex }) {
  if (answer.kind === 'failed') return <p class="empty-view">The trace failed: {answer.message}</p>;
  return (
    <>
      <p>
        <code>{answer.description}</code>
      </p>
      {answer.parts.map((part, at) => (
        <Part key={at} part={part} index={index} />
      ))}
    </>
  );
}

function Part({ part, index }: { readonly part: TracedEnvironment; readonly index: PageIndex }) {
  const { environment, views, addresses } = part;
  if (views.length === 0)
    return (
      <p class="empty-view">
        {addresses.length === 0
          ? 'Nothing in the input names this host.'
          : `Nothing answers there. The host is served at ${addresses.join(', ')}.`}
      </p>
    );
  return (
    <>
      {views.map((view, at) => (
        <section class="card traced" key={at}>
          <h2>
            {view.vantage}
            {environment !== '' && <small> in {environment}</small>}
          </h2>
          <div class="columns">
            <TracedSide title="Before" side={view.before} index={index} />
            <TracedSide title="After" side={view.after} index={index} />
          </div>
        </section>
      ))}
    </>
  );
}

function TracedSide({
  title,
  side,
  index,
}: {
  readonly title: string;
  readonly side: TracedSideView;
  readonly index: PageIndex;
}) {
  const { outcome, rule, passed } = side;
  return (
    <div class="traced-side">
      <h3>{title}</h3>
      <p class="outcome">{outcome}</p>
      <p>
        {rule === undefined ? (
          'No rule matches.'
        ) : (
          <>
            decided by <RuleName rule={rule} index={index} />
          </>
        )}
      </p>
      {passed.length > 0 && (
        <details>
          <summary>
            {passed.length} rule{passed.length === 1 ? '' : 's'} before it{' '}
            {passed.length === 1 ? 'does' : 'do'} not match
          </summary>
          <ol>
            {passed.map((one, at) => (
              <li key={at}>
                <RuleName rule={one.rule} index={index} />: {one.reason}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}

function RuleName({ rule, index }: { readonly rule: RuleView; readonly index: PageIndex }) {
  const { kind, ns, name, path, place } = rule;
  const text = `${kind} ${ns}/${name}`;
  const row = index.rows.find(one => one.kind === kind && one.ns === ns && one.name === name);
  return (
    <>
      {row === undefined ? <b>{text}</b> : <a href={objectAddress(row.id)}>{text}</a>} <code>{path}</code>
      {place !== '' && <span class="place"> {place}</span>}
    </>
  );
}
