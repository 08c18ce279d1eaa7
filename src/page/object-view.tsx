import {
  addressOf,
  objectAddress,
  type PageDiagnostic,
  type PageFilter,
  type PageRow,
} from '../reporters/page/page-data.ts';
import type { Details } from './data.ts';
import { Diagnostic, Fate, PlaceOf } from './parts.tsx';
import { Requests } from './requests.tsx';
import { SideBySide } from './side-by-side.tsx';

interface Props {
  readonly row: PageRow;
  readonly position: number;
  readonly details: Details;
  readonly sourceUrl: string;
  /** The other objects of its set, none of which may be taken without it. */
  readonly together: readonly PageRow[];
}

/** Everything about one object. */
export function ObjectBody({ row, position, details, sourceUrl, together }: Props) {
  const detail = details.at(position);
  if (detail === undefined) return null;
  const elsewhere = detail.diagnostics.filter(
    one => one.file !== row.file || !isIn(one.line, detail.first, detail.before),
  );
  return (
    <article class="object">
      <header>
        <Fate fate={row.fate} />
        <h1>
          <small>{row.kind}</small> {row.ns}/{row.name}
        </h1>
        <PlaceOf file={row.file} line={row.line} sourceUrl={sourceUrl} />
        {row.hosts.length > 0 && <p class="hosts">Hosts: {row.hosts.join(', ')}</p>}
      </header>
      <Together rows={together} />
      <Summary diagnostics={detail.diagnostics.filter(one => !elsewhere.includes(one))} />
      {elsewhere.map((one, index) => (
        <Diagnostic key={index} one={one} />
      ))}
      <SideBySide detail={detail} file={row.file} />
      {detail.after === '' && <p class="stays">{stays(row, detail.gone)}</p>}
      <Requests detail={detail} />
    </article>
  );
}

/** So many objects of a set are named; the others are counted. */
const MOST_NAMED = 12;

/** The objects that change together with this one. */
function Together({ rows }: { readonly rows: readonly PageRow[] }) {
  if (rows.length === 0) return null;
  const more = rows.length - MOST_NAMED;
  return (
    <p class="together">
      Changes together with{' '}
      {rows.slice(0, MOST_NAMED).map(({ id, kind, ns, name }, index) => (
        <>
          {index > 0 && ', '}
          <a key={id} href={objectAddress(id)}>
            {kind} {ns}/{name}
          </a>
        </>
      ))}
      {more > 0 && ` and ${more} more`}. Take all of them or none.
    </p>
  );
}

/** The diagnostics of the object, each code once, with its lines to jump to. */
function Summary({ diagnostics }: { readonly diagnostics: readonly PageDiagnostic[] }) {
  if (diagnostics.length === 0) return null;
  const byCode = new Map<string, PageDiagnostic[]>();
  for (const one of diagnostics) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  return (
    <ul class="summary">
      {[...byCode].map(([code, all]) => (
        <li key={code}>
          <span class={`severity ${all[0]?.severity ?? ''}`}>{all[0]?.severity}</span> <code>{code}</code> at
          line
          {all.length > 1 ? 's' : ''}{' '}
          {[...new Set(all.map(({ line }) => line))].map((line, index) => (
            <>
              {index > 0 && ', '}
              <button
                type="button"
                class="jump"
                key={line}
                onClick={event => jump(event.currentTarget, line)}
              >
                {line}
              </button>
            </>
          ))}
        </li>
      ))}
    </ul>
  );
}

function jump(from: HTMLElement, line: number): void {
  const row = from.closest('article')?.querySelector<HTMLElement>(`[data-line="${line}"]`);
  row?.scrollIntoView({ block: 'center' });
}

function stays({ fate }: PageRow, isGone: boolean): string {
  if (isGone) return 'It is removed: other objects hold all that it says.';
  return fate === 'not' || fate === 'skipped'
    ? 'It stays as it is.'
    : 'It stays, or is kept with less in it.';
}

function isIn(line: number, first: number, text: string): boolean {
  return line >= first && line < first + text.split('\n').length;
}

interface ViewProps extends Props {
  readonly filter: PageFilter;
  readonly before: PageRow | undefined;
  readonly after: PageRow | undefined;
  readonly place: string;
}

export function ObjectView({ filter, before, after, place, ...rest }: ViewProps) {
  return (
    <>
      <nav class="object-nav" aria-label="Objects">
        <a href={addressOf('list', filter)}>← All objects</a>
        <span class="spacer" />
        {before !== undefined && (
          <a href={objectAddress(before.id, filter)} rel="prev">
            ‹ Previous
          </a>
        )}
        <span>{place}</span>
        {after !== undefined && (
          <a href={objectAddress(after.id, filter)} rel="next">
            Next ›
          </a>
        )}
      </nav>
      <ObjectBody {...rest} />
    </>
  );
}
