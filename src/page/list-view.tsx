import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  fateWords,
  objectAddress,
  type PageFilter,
  type PageRow,
  pageFates,
} from '../reporters/page/page-data.ts';
import { replaceFilter } from './address.ts';
import { Fate } from './parts.tsx';
import { groupKey, type Searchable } from './select.ts';

interface Props {
  readonly all: readonly Searchable[];
  readonly found: readonly Searchable[];
  readonly filter: PageFilter;
}

/** The filters and the list; rows are drawn when they come into view. */
export function ListView({ all, found, filter }: Props) {
  return (
    <section aria-label="Objects" class="list-view">
      <Filters all={all} found={found} filter={filter} />
      {found.length === 0 ? (
        <p class="empty-view">
          No object matches. <a href="#/list">Show all</a>
        </p>
      ) : (
        <Rows found={found} filter={filter} />
      )}
    </section>
  );
}

function Filters({ all, found, filter }: Props) {
  const search = useRef<HTMLInputElement>(null);
  const choices = useMemo(() => choicesOf(all), [all]);
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  const set = (change: PageFilter): void => replaceFilter({ ...filter, ...change });
  const isFiltered = Object.entries(filter).some(
    ([name, value]) => name !== 'sort' && name !== 'group' && value !== undefined && value.length > 0,
  );
  const { fate = [] } = filter;
  return (
    <form class="filters" role="search" onSubmit={event => event.preventDefault()}>
      <div class="search">
        <label for="search" class="hidden-label">
          Search names, hosts, codes and messages
        </label>
        <input
          id="search"
          ref={search}
          type="search"
          autocomplete="off"
          spellcheck={false}
          placeholder="Search names, hosts, codes, messages  ( / )"
          value={filter.q ?? ''}
          onInput={event => set({ q: event.currentTarget.value })}
        />
        <output aria-live="polite">
          {found.length.toLocaleString('en-US')} of {all.length.toLocaleString('en-US')}
        </output>
        {isFiltered && (
          <a class="reset" href="#/list">
            Clear filters
          </a>
        )}
      </div>
      <fieldset class="fates">
        <legend class="hidden-label">Result</legend>
        {pageFates
          .filter(one => choices.fates.has(one))
          .map(one => (
            <label key={one} class={`chip ${one}`}>
              <input
                type="checkbox"
                checked={fate.includes(one)}
                onChange={event =>
                  set({
                    fate: event.currentTarget.checked ? [...fate, one] : fate.filter(other => other !== one),
                  })
                }
              />
              <span aria-hidden="true">{fateWords[one].sign}</span> {fateWords[one].short}
            </label>
          ))}
      </fieldset>
      <Choice label="Kind" value={filter.kind} options={choices.kinds} onChange={kind => set({ kind })} />
      <Choice label="Namespace" value={filter.ns} options={choices.namespaces} onChange={ns => set({ ns })} />
      {choices.files.length > 1 && choices.files.length <= MOST_FILES && (
        <Choice label="File" value={filter.file} options={choices.files} onChange={file => set({ file })} />
      )}
      <Choice label="Code" value={filter.code} options={choices.codes} onChange={code => set({ code })} />
      <Choice
        label="Sort"
        value={filter.sort}
        any="urgency"
        options={['name', 'file', 'code']}
        onChange={sort => set({ sort })}
      />
      <Choice
        label="Group"
        value={filter.group}
        any="none"
        options={['status', 'namespace', 'file', 'code']}
        onChange={group => set({ group })}
      />
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly string[];
  readonly any?: string;
  readonly onChange: (value: string) => void;
}

function Choice({ label, value = '', options, any = 'any', onChange }: ChoiceProps) {
  return (
    <label class="choice">
      {label}
      <select value={value} onChange={event => onChange(event.currentTarget.value)}>
        <option value="">{any}</option>
        {options.map(option => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

/** More files than this are found by the search. */
const MOST_FILES = 200;

function choicesOf(all: readonly Searchable[]) {
  const sorted = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
  return {
    fates: new Set(all.map(({ row }) => row.fate)),
    kinds: sorted(all.map(({ row }) => row.kind)),
    namespaces: sorted(all.map(({ row }) => row.ns)),
    files: sorted(all.map(({ row }) => row.file)),
    codes: sorted(all.flatMap(({ row }) => row.codes)),
  };
}

/** A row of the list, or the heading of a group. */
type Line =
  | { readonly heading: string; readonly count: number }
  | { readonly one: Searchable; readonly number: number };

function linesOf(found: readonly Searchable[], group: string | undefined): readonly Line[] {
  const key = groupKey(group);
  if (key === undefined) return found.map((one, index) => ({ one, number: index + 1 }));
  const counts = new Map<string, number>();
  for (const { row } of found) counts.set(key(row), (counts.get(key(row)) ?? 0) + 1);
  const lines: Line[] = [];
  let last: string | undefined;
  for (const [index, one] of found.entries()) {
    const own = key(one.row);
    if (own !== last) lines.push({ heading: headingOf(group, one.row), count: counts.get(own) ?? 0 });
    last = own;
    lines.push({ one, number: index + 1 });
  }
  return lines;
}

function headingOf(group: string | undefined, row: PageRow): string {
  if (group === 'status') return fateWords[row.fate].short;
  if (group === 'file') return row.file;
  if (group === 'code') return row.codes[0] ?? 'no code';
  return row.ns === '' ? 'no namespace' : row.ns;
}

/** Rows outside of the window that are drawn, too, so that scrolling shows no gap. */
const AROUND = 12;

function Rows({ found, filter }: Pick<Props, 'found' | 'filter'>) {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState({ from: 0, to: 40 });
  const height = useRowHeight();
  const lines = useMemo(() => linesOf(found, filter.group), [found, filter.group]);
  useLayoutEffect(() => {
    const update = (): void => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const from = Math.max(0, Math.floor(-top / height) - AROUND);
      const to = Math.min(lines.length, Math.ceil((innerHeight - top) / height) + AROUND);
      setRange(before => (before.from === from && before.to === to ? before : { from, to }));
    };
    update();
    addEventListener('scroll', update, { passive: true });
    addEventListener('resize', update);
    return () => {
      removeEventListener('scroll', update);
      removeEventListener('resize', update);
    };
  }, [lines, height]);
  const move = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const at = Number((event.target as HTMLElement).dataset['at']);
    if (by === 0 || Number.isNaN(at)) return;
    event.preventDefault();
    let next = at + by;
    while (lines[next] !== undefined && 'heading' in (lines[next] ?? {})) next += by;
    const row = list.current?.querySelector<HTMLElement>(`[data-at="${next}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  const shown = lines.slice(range.from, Math.max(range.to, range.from));
  return (
    <ul class="rows" ref={list} style={{ height: `${lines.length * height}px` }} onKeyDown={move}>
      {shown.map((line, index) => {
        const at = range.from + index;
        const style = { top: `${at * height}px`, height: `${height}px` };
        return 'heading' in line ? (
          <li key={`h${at}`} class="heading" style={style}>
            {line.heading} <span>{line.count.toLocaleString('en-US')}</span>
          </li>
        ) : (
          <li key={line.one.position} style={style} aria-setsize={found.length} aria-posinset={line.number}>
            <RowLink row={line.one.row} at={at} filter={filter} />
          </li>
        );
      })}
    </ul>
  );
}

function RowLink({
  row,
  at,
  filter,
}: {
  readonly row: PageRow;
  readonly at: number;
  readonly filter: PageFilter;
}) {
  const { kind, ns, name, file, line, codes, messages } = row;
  return (
    <a class="row" href={objectAddress(row.id, filter)} data-at={at}>
      <Fate fate={row.fate} />
      <span class="who">
        <b>
          {ns}/{name}
        </b>
        {kind !== 'VirtualService' && <small> {kind}</small>}
        <span class="place">
          {file}:{line}
        </span>
      </span>
      <span class="reason">
        {codes.length > 0 && <code>{codes[0]}</code>}
        {codes.length > 1 && <small> +{codes.length - 1}</small>} {messages[0] ?? ''}
      </span>
    </a>
  );
}

function useRowHeight(): number {
  const query = useMemo(() => matchMedia('(max-width: 46rem)'), []);
  const [isNarrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const update = (): void => setNarrow(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [query]);
  return isNarrow ? 88 : 52;
}
