import { type PageFilter, type PageRow, pageFates } from '../reporters/page/page-data.ts';

/** A row with its position among all, and all that a search looks at, in lower case. */
export interface Searchable {
  readonly row: PageRow;
  readonly position: number;
  readonly text: string;
}

export function searchable(rows: readonly PageRow[]): readonly Searchable[] {
  return rows.map((row, position) => ({
    row,
    position,
    text: [row.kind, `${row.ns}/${row.name}`, row.file, ...row.hosts, ...row.codes, ...row.messages]
      .join('\n')
      .toLowerCase(),
  }));
}

/** @returns the rows that a filter asks for, in the order it asks for */
export function select(all: readonly Searchable[], filter: PageFilter): readonly Searchable[] {
  const { fate = [], ns = '', code = '', file = '', kind = '', q = '' } = filter;
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  const found = all.filter(
    ({ row, text }) =>
      (fate.length === 0 || fate.includes(row.fate)) &&
      (ns === '' || row.ns === ns) &&
      (code === '' || row.codes.includes(code)) &&
      (file === '' || row.file === file) &&
      (kind === '' || row.kind === kind) &&
      words.every(word => text.includes(word)),
  );
  const keys = [groupKey(filter.group), sortKey(filter.sort)].filter(key => key !== undefined);
  if (keys.length === 0) return found;
  return found.toSorted((a, b) => {
    for (const key of keys) {
      const [x, y] = [key(a.row), key(b.row)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return a.position - b.position;
  });
}

function sortKey(sort = ''): ((row: PageRow) => string) | undefined {
  switch (sort) {
    case 'name':
      return ({ ns, name }) => `${ns}/${name}`;
    case 'file':
      return ({ file, line }) => `${file}:${String(line).padStart(7, '0')}`;
    case 'code':
      return ({ codes }) => codes[0] ?? '\uffff';
    default:
      return undefined;
  }
}

/** @returns the heading that a row stands under; undefined where rows are not grouped */
export function groupKey(group = ''): ((row: PageRow) => string) | undefined {
  switch (group) {
    case 'namespace':
      return ({ ns }) => ns;
    case 'file':
      return ({ file }) => file;
    case 'status':
      return ({ fate }) => String(pageFates.length - pageFates.indexOf(fate));
    case 'code':
      return ({ codes }) => codes[0] ?? '\uffff';
    default:
      return undefined;
  }
}
