import { render } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { PageIndex } from '../reporters/page/page-data.ts';
import { addressOf } from '../reporters/page/page-data.ts';
import { type Address, useAddress } from './address.ts';
import { Details, readIndex } from './data.ts';
import { ListView } from './list-view.tsx';
import { ObjectBody, ObjectView } from './object-view.tsx';
import { Diagnostic, Shared } from './parts.tsx';
import { PlanView } from './plan-view.tsx';
import { type Searchable, searchable, select } from './select.ts';
import { TraceView } from './trace-view.tsx';
import { Tracer } from './tracer.ts';

function Page({ index }: { readonly index: PageIndex }) {
  const address = useAddress();
  const details = useMemo(() => new Details(), []);
  const tracer = useMemo(() => new Tracer(index, details), [index, details]);
  const all = useMemo(() => searchable(index.rows), [index]);
  const found = useMemo(() => select(all, address.filter), [all, address]);
  const printed =
    address.view === 'object'
      ? all.filter(({ row }) => row.id === address.id)
      : address.view === 'list'
        ? found
        : [];
  usePrinting(printed, details, index);
  useFrame(address);
  return (
    <Shared.Provider value={index}>
      <Tabs view={address.view} index={index} />
      <View {...{ index, address, details, tracer, all, found }} />
    </Shared.Provider>
  );
}

interface ViewProps {
  readonly index: PageIndex;
  readonly address: Address;
  readonly details: Details;
  readonly tracer: Tracer;
  readonly all: readonly Searchable[];
  readonly found: readonly Searchable[];
}

function View({ index, address, details, tracer, all, found }: ViewProps) {
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
    case 'list':
      return <ListView all={all} found={found} filter={address.filter} />;
  }
}

function OneObject({ index, address, details, all, found }: Omit<ViewProps, 'tracer'>) {
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
      before={at === -1 ? undefined : found[at - 1]?.row}
      after={at === -1 ? undefined : found[at + 1]?.row}
      place={at === -1 ? '' : `${at + 1} of ${found.length}`}
    />
  );
}

function Tabs({ view, index }: { readonly view: Address['view']; readonly index: PageIndex }) {
  const tabs = [
    { to: 'list', title: 'Objects', isHere: view === 'list' || view === 'object' },
    { to: 'trace', title: 'Trace', isHere: view === 'trace' },
    ...(index.steps.length > 0 ? [{ to: 'plan', title: 'Cut-over plan', isHere: view === 'plan' }] : []),
    ...(index.others.length > 0
      ? [{ to: 'not-read', title: `Other files (${index.others.length})`, isHere: view === 'not-read' }]
      : []),
  ];
  return (
    <nav class="tabs" aria-label="Report">
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
        />
      ))}
    </>
  );
}

/** Writes objects for the printer, which takes what is there when the event ends. */
function usePrinting(found: readonly Searchable[], details: Details, index: PageIndex): void {
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

/** Shows the head with the list only, and goes to the list when a link of the head filters it. */
function useFrame({ view, id, filter, params }: Address): void {
  const last = useRef<{ readonly view: string; readonly id: string; readonly top: number } | undefined>(
    undefined,
  );
  useLayoutEffect(() => {
    document.body.dataset['view'] = view;
    const before = last.current;
    last.current = { view, id, top: 0 };
    if (before === undefined) {
      // Who comes by a link to a part of the list wants to see that.
      if (view === 'list' && isFiltered(filter)) document.querySelector('.tabs')?.scrollIntoView();
      return;
    }
    if (before.view !== view || before.id !== id) {
      if (view === 'list') document.querySelector('.tabs')?.scrollIntoView();
      else scrollTo(0, 0);
      document.getElementById('app')?.focus({ preventScroll: true });
    } else if (view === 'list' && document.activeElement?.closest('#head')) {
      document.querySelector('.tabs')?.scrollIntoView();
    }
  }, [view, id, filter, params]);
}

function isFiltered(filter: Address['filter']): boolean {
  return Object.values(filter).some(value => value !== undefined && value.length > 0);
}

const app = document.getElementById('app');
if (app !== null) render(<Page index={readIndex()} />, app);
