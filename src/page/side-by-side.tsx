import { useMemo } from 'preact/hooks';
import type { PageDetail, PageDiagnostic } from '../reporters/page/page-data.ts';
import { type AlignedLine, align } from './align.ts';
import { Diagnostic } from './parts.tsx';
import { YamlLine } from './yaml-line.tsx';

interface Props {
  readonly detail: PageDetail;
  readonly file: string;
}

/** An object and what takes its place, with what is said of it at its lines. */
export function SideBySide({ detail, file }: Props) {
  const { before, after, anchors, first, diagnostics } = detail;
  const rows = useMemo(() => {
    const [left, right] = [before.split('\n'), after === '' ? [] : after.split('\n')];
    return align(left, right, anchors);
  }, [before, after, anchors]);
  const byLine = new Map<number, PageDiagnostic[]>();
  for (const one of diagnostics)
    if (one.file === file) byLine.set(one.line, [...(byLine.get(one.line) ?? []), one]);
  const stays = after === '';
  // To do and why of a code are said once.
  const firstOf = new Map<string, PageDiagnostic>();
  for (const one of diagnostics.toSorted((a, b) => a.line - b.line))
    if (one.file === file && !firstOf.has(one.code)) firstOf.set(one.code, one);
  const briefly = (one: PageDiagnostic): boolean => firstOf.get(one.code) !== one;
  return (
    <div class={`sides ${stays ? 'alone' : ''}`} role="table" aria-label="Before and after">
      <div class="side-row heads" role="row">
        <div role="columnheader">Before</div>
        {!stays && <div role="columnheader">After</div>}
      </div>
      {rows.map((row, index) => {
        const said = row.before === undefined ? [] : (byLine.get(first + row.before.index) ?? []);
        return (
          <RowOfSides
            key={index}
            {...(row.before && { before: row.before })}
            {...(row.after && { after: row.after })}
            isSame={row.isSame || stays}
            stays={stays}
            first={first}
            said={said}
            briefly={briefly}
          />
        );
      })}
    </div>
  );
}

interface RowProps {
  readonly before?: AlignedLine;
  readonly after?: AlignedLine;
  readonly isSame: boolean;
  readonly stays: boolean;
  readonly first: number;
  readonly said: readonly PageDiagnostic[];
  readonly briefly: (one: PageDiagnostic) => boolean;
}

function RowOfSides({ before, after, isSame, stays, first, said, briefly }: RowProps) {
  const [worst] = said;
  return (
    <>
      <div
        class={`side-row ${isSame ? '' : 'changed'} ${worst === undefined ? '' : `at-${worst.severity}`}`}
        role="row"
        {...(before && { 'data-line': first + before.index })}
      >
        <Side line={before} first={first} side="before" />
        {!stays && <Side line={after} first={1} side="after" />}
      </div>
      {said.length > 0 && (
        <div class="side-row notes" role="row">
          <div role="cell" {...(stays ? {} : { 'aria-colspan': 2 })}>
            {said.map((one, index) => (
              <Diagnostic key={index} one={one} isBrief={briefly(one)} />
            ))}
          </div>
        </div>
      )}
    </>
  );
}

function Side({
  line,
  first,
  side,
}: {
  readonly line: AlignedLine | undefined;
  readonly first: number;
  readonly side: string;
}) {
  if (line === undefined) return <div class={`line empty ${side}`} role="cell" />;
  return (
    <div class={`line ${side}`} role="cell">
      <span class="number" aria-hidden="true">
        {first + line.index}
      </span>
      <code>
        <YamlLine text={line.text} />
      </code>
    </div>
  );
}
