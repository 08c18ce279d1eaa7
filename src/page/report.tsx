import { render } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { PageIndex } from '../reporters/page/page-data.ts';
import { type Address, useAddress } from './address.ts';
import { PackedDetails, readIndex, readReferences, unpackText } from './data.ts';
import { Shared } from './parts.tsx';
import { Tabs, tabsOf, usePrinting, View } from './report-views.tsx';
import { searchable, select } from './select.ts';
import { WorkerTracer } from './tracer.ts';

function Page({ index }: { readonly index: PageIndex }) {
  const address = useAddress();
  const details = useMemo(() => new PackedDetails(), []);
  const tracer = useMemo(
    () =>
      new WorkerTracer(
        { index, detailAt: position => details.at(position), references: readReferences },
        () => unpackText('engine'),
      ),
    [index, details],
  );
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
      <Tabs tabs={tabsOf(index, address.view)} label="Report" />
      <View {...{ index, address, details, tracer, all, found }} />
    </Shared.Provider>
  );
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
      // A reader who comes by a link to a part of the list wants to see that.
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
