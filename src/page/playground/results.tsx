import { objectAddress, type PageDetail, type PageRow } from '../../reporters/page/page-data.ts';
import { CopyButton, Diagnostic, Fate } from '../parts.tsx';
import { Requests } from '../requests.tsx';
import { YamlLine } from '../yaml-line.tsx';
import type { Converted } from './messages.ts';

/** The rest of longer texts has no colours. */
const MOST_LINES = 3000;

/** The new objects. */
export function Routes({ converted }: { readonly converted: Converted }) {
  const { routes } = converted;
  if (routes === '')
    return (
      <p class="empty-view">
        No new object. <a href="#/differences">See why</a>
      </p>
    );
  const lines = routes.replace(/\n$/, '').split('\n');
  return (
    <section aria-label="Routes" class="routes">
      <CopyButton text={routes} label="Copy the routes" />
      <pre tabIndex={0}>
        {lines.slice(0, MOST_LINES).map((line, index) => (
          <span key={index}>
            <YamlLine text={line} />
            {'\n'}
          </span>
        ))}
        {lines.slice(MOST_LINES).join('\n')}
      </pre>
    </section>
  );
}

/** So many objects are shown with all that is said of them; the list has the others. */
const MOST_OBJECTS = 50;

/** The diagnostics of each object, and the requests that differ. */
export function Differences({ converted }: { readonly converted: Converted }) {
  const { index, details } = converted;
  const all = index.rows.map((row, at) => ({ row, detail: details[at] }));
  const told = all.filter(
    ({ detail }) =>
      detail !== undefined &&
      (detail.diagnostics.length > 0 || detail.requests.some(({ aspects }) => aspects.length > 0)),
  );
  const silent = all.length - told.length;
  return (
    <section aria-label="Differences">
      {told.slice(0, MOST_OBJECTS).map(({ row, detail }) => (
        <section class="card" key={row.id}>
          <Title row={row} />
          {detail?.diagnostics.map((one, at) => (
            <Diagnostic key={at} one={one} />
          ))}
          {detail?.requests.some(({ aspects }) => aspects.length > 0) && (
            <Requests
              detail={{ ...detail, requests: detail.requests.filter(({ aspects }) => aspects.length > 0) }}
            />
          )}
        </section>
      ))}
      <More left={told.length - MOST_OBJECTS} />
      {index.others.map((one, at) => (
        <Diagnostic key={at} one={one} />
      ))}
      {silent > 0 && (
        <p class="empty-view">
          {silent === all.length ? 'No difference: ' : ''}
          {silent} {told.length > 0 ? 'more ' : ''}object{silent === 1 ? ' has' : 's have'} nothing to tell.
        </p>
      )}
    </section>
  );
}

/** The requests that prove each conversion. */
export function Proofs({ converted }: { readonly converted: Converted }) {
  const { index, details } = converted;
  const proven = index.rows
    .map((row, at) => ({ row, detail: details[at] }))
    .filter((one): one is { row: PageRow; detail: PageDetail } => one.detail?.proof !== undefined);
  if (proven.length === 0)
    return <p class="empty-view">Nothing converts, so that there is nothing to prove.</p>;
  return (
    <section aria-label="Proof">
      {proven.slice(0, MOST_OBJECTS).map(({ row, detail }) => (
        <section class="card" key={row.id}>
          <Title row={row} />
          <Requests detail={detail} />
        </section>
      ))}
      <More left={proven.length - MOST_OBJECTS} />
    </section>
  );
}

function Title({ row }: { readonly row: PageRow }) {
  return (
    <h2>
      <Fate fate={row.fate} />{' '}
      <a href={objectAddress(row.id)}>
        {row.kind === 'VirtualService' ? '' : `${row.kind} `}
        {row.ns}/{row.name}
      </a>
    </h2>
  );
}

function More({ left }: { readonly left: number }) {
  if (left <= 0) return null;
  return (
    <p class="more">
      {left} more are in the <a href="#/list">list of objects</a>.
    </p>
  );
}
