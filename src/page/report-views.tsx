// The views that the report and the playground have in common.
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageIndex, PageRow } from '../reporters/page/page-data.ts';
import { addressOf } from '../reporters/page/page-data.ts';
import type { Address } from './address.ts';
import type { Details } from './data.ts';
import { ListView } from './list-view.tsx';
import { ObjectBody, ObjectView } from './object-view.tsx';
import { Diagnostic, Shared } from './parts.tsx';
import { PlanView } from './plan-view.tsx';
import type { Searchable } from './select.ts';
import { TraceView } from './trace-view.tsx';
import type { Tracer } from './tracer.ts';

interface Props {
  readonly index: PageIndex;
  readonly address: Address;
  readonly details: Details;
  readonly tracer: Tracer;
  readonly all: readonly Searchable[];
  readonly found: readonly Searchable[];
}

/** The view that the address asks for. */
export function View({ index, address, details, tracer, all, found }: Props) {
  switch (address.view) {
    case 'object':
      return <OneObject {...{ index, address, details, all, found }} />;
    case 'trace':
      return <TraceView index={index} tracer={tracer} params={address.params} />;
    case 'plan':
      return <PlanView steps={index.steps} storage={index.key} />;
    case 'not-read':
      return (
        <section class="card">
          <h1>Not about one object</h1>
          {index.others.map((one, at) => (
            <Diagnostic key={at} one={one} />
          ))}
        </section>
      );
    default:
      return <ListView all={all} found={found} filter={address.filter} />;
  }
}

function OneObject({ index, address, details, all, found }: Omit<Props, 'tracer'>) {
  const one = all.find(({ row }) => row.id === address.id);
  if (one === undefined)
    return (
      <p class="empty-view">
        This report has no object {address.id}. <a href="#/list">Show all</a>
      </p>
    );
  const at = found.indexOf(one);
  return (
    <ObjectView
      key={one.row.id}
      row={one.row}
      position={one.position}
      details={details}
      sourceUrl={index.sourceUrl}
      filter={address.filter}
      together={togetherWith(one.row, all)}
      before={at === -1 ? undefined : found[at - 1]?.row}
      after={at === -1 ? undefined : found[at + 1]?.row}
      place={at === -1 ? '' : `${at + 1} of ${found.length}`}
    />
  );
}

/** @returns the other rows of the set that an object changes with */
function togetherWith({ id, set }: PageRow, all: readonly Searchable[]): readonly PageRow[] {
  if (set === undefined) return [];
  return all.flatMap(({ row }) => (row.set === set && row.id !== id ? [row] : []));
}

/** The views that there are for some data, with their titles. */
export function tabsOf(index: PageIndex, view: Address['view']): readonly Tab[] {
  return [
    { to: 'list', title: 'Objects', isHere: view === 'list' || view === 'object' },
    { to: 'trace', title: 'Trace', isHere: view === 'trace' },
    ...(index.steps.length > 0 ? [{ to: 'plan', title: 'Plan', isHere: view === 'plan' }] : []),
    ...(index.others.length > 0
      ? [{ to: 'not-read', title: `Other files (${index.others.length})`, isHere: view === 'not-read' }]
      : []),
  ];
}

export interface Tab {
  readonly to: string;
  readonly title: string;
  readonly isHere: boolean;
}

export function Tabs({ tabs, label }: { readonly tabs: readonly Tab[]; readonly label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ to, title, isHere }) => (
        <a key={to} href={addressOf(to)} {...(isHere ? { 'aria-current': 'page' as const } : {})}>
          {title}
        </a>
      ))}
    </nav>
  );
}

/** Everything that the filter lets through, for paper. */
function Printed({
  found,
  details,
  index,
}: {
  readonly found: readonly Searchable[];
  readonly details: Details;
  readonly index: PageIndex;
}) {
  return (
    <>
      {found.map(({ row, position }) => (
        <ObjectBody
          key={row.id}
          row={row}
          position={position}
          details={details}
          sourceUrl={index.sourceUrl}
          together={[]}
        />
      ))}
    </>
  );
}

/** Writes objects for the printer, which takes what is there when the event ends. */
export function usePrinting(found: readonly Searchable[], details: Details, index: PageIndex): void {
  useEffect(() => {
    const paper = document.getElementById('paper');
    if (paper === null) return;
    const before = (): void =>
      render(
        <Shared.Provider value={index}>
          <Printed found={found} details={details} index={index} />
        </Shared.Provider>,
        paper,
      );
    const after = (): void => render(null, paper);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, [found, details, index]);
}
