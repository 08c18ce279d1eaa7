import { useEffect, useState } from 'preact/hooks';
import { addressOf, type PageFate, type PageFilter, pageFates } from '../reporters/page/page-data.ts';

const views = ['list', 'object', 'trace', 'plan', 'not-read', 'routes', 'differences', 'proof'] as const;

/** The request of the address. */
export interface Address {
  readonly view: (typeof views)[number];
  /** The settings of an object. */
  readonly id: string;
  readonly filter: PageFilter;
  /** The rest of what stands behind `?`. */
  readonly params: URLSearchParams;
}

/** @param fallback the view where the address names none */
export function readAddress(fallback: Address['view'] = 'list'): Address {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const params = new URLSearchParams(query);
  const [view = '', ...rest] = path.split('/');
  const text = (name: string): string => params.get(name) ?? '';
  const fates = text('fate').split(',');
  const filter: PageFilter = {
    fate: pageFates.filter((fate: PageFate) => fates.includes(fate)),
    ns: text('ns'),
    code: text('code'),
    file: text('file'),
    kind: text('kind'),
    q: text('q'),
    sort: text('sort'),
    group: text('group'),
  };
  const known = views.find(one => one === view) ?? fallback;
  return { view: known, id: rest.map(decode).join('/'), filter, params };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useAddress(fallback: Address['view'] = 'list'): Address {
  const [address, setAddress] = useState(() => readAddress(fallback));
  useEffect(() => {
    const update = (): void => setAddress(readAddress(fallback));
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, [fallback]);
  return address;
}

/** Changes the filter without a step in the history for each letter that is typed. */
export function replaceFilter(filter: PageFilter): void {
  history.replaceState(null, '', addressOf('list', filter));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
