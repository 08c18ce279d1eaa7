import { placeOf } from '../../2-decode/place-of.ts';
import type { Output } from '../../6-emit/edit.ts';
import { toManifest } from '../../6-emit/manifest.ts';
import { kubectlStyle, printLines } from '../../6-emit/print.ts';
import type { Conversion, ConvertedResource, ProvenRequest, ProvenSide } from '../../conversion.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { locator } from '../../diagnostics/locate.ts';
import { visible } from '../../print/visible.ts';
import { redact } from '../../suggest/credentials.ts';
import { type FieldPath, formatFieldPath, type Source } from '../../yaml/source.ts';
import { excerptOf } from '../object-excerpt.ts';
import { fateOf, reasonsOf } from './fate.ts';
import type { PageDetail, PageDiagnostic, PageRequest, PageRow, PageSide } from './page-data.ts';

/** Text of others as a page shows it: without credentials and without characters that hide or turn around others. */
export function shownText(text: string): string {
  return redact(text).split('\n').map(visible).join('\n');
}

/** Texts that are written once, and named by their positions. */
export class SharedTexts {
  readonly #positions = new Map<string, number>();

  positionOf(text: string): number {
    const position = this.#positions.get(text) ?? this.#positions.size;
    this.#positions.set(text, position);
    return position;
  }

  all(): readonly string[] {
    return [...this.#positions.keys()];
  }
}

/** @returns the line of an object in the list */
export function rowOf(
  one: ConvertedResource,
  id: string,
  detail: PageDetail,
  set: number | undefined,
): PageRow {
  const { resource, diagnostics } = one;
  const hosts = resource.type === 'istio.VirtualService' ? (resource.spec.hosts ?? []) : [];
  const own = resource.type === 'istio.DestinationRule' ? [resource.spec.host ?? ''] : hosts;
  return {
    id,
    kind: resource.kind,
    ns: shownText(resource.namespace),
    name: shownText(resource.name),
    file: visible(resource.source?.document.file.path ?? ''),
    line: detail.first,
    fate: fateOf(one),
    codes: [...new Set([...reasonsOf(one), ...diagnostics.map(({ code }) => code)])],
    hosts: own.map(shownText),
    messages: [...new Set(detail.diagnostics.map(({ message }) => message))],
    ...(set === undefined ? {} : { set }),
  };
}

/** @returns everything else that the page shows of an object */
export function detailOf(
  { resource, diagnostics, proof }: ConvertedResource,
  outputs: readonly Output[],
  isGone: boolean,
  locate: ReturnType<typeof locator>,
  texts: SharedTexts,
): PageDetail {
  const { source } = resource;
  const excerpt = source === undefined ? { lines: [], firstLine: 1 } : excerptOf(source);
  const { text, starts } = afterOf(outputs);
  const lineOf = (path: FieldPath): number =>
    source === undefined ? 0 : locate(placeOf(resource, ...path)).start.line - excerpt.firstLine;
  return {
    before: shownText(excerpt.lines.join('\n')),
    first: excerpt.firstLine,
    after: shownText(text),
    gone: isGone,
    anchors: ascending(
      starts.flatMap(({ input, line }) => (input === undefined ? [] : [[lineOf(input), line] as const])),
    ),
    diagnostics: diagnostics
      .map(one => pageDiagnostic(one, texts))
      .toSorted((a, b) => gravity[a.severity] - gravity[b.severity]),
    ...(proof && {
      proof: {
        requests: proof.requests,
        together: proof.together,
        sampled: proof.sampled,
        differences: proof.differences,
      },
    }),
    requests: (proof?.shown ?? []).map(pageRequest),
  };
}

const gravity = { error: 0, warning: 1, info: 2 } as const;

/** The text of the objects in the place of another, and where the parts of it begin that come from parts of that. */
function afterOf(outputs: readonly Output[]): {
  readonly text: string;
  readonly starts: readonly { readonly line: number; readonly input: FieldPath | undefined }[];
} {
  const lines: string[] = [];
  const starts: { line: number; input: FieldPath | undefined }[] = [];
  for (const { resource, origins } of outputs) {
    if (lines.length > 0) lines.push('---');
    const printed = printLines(toManifest(resource), kubectlStyle);
    const known = new Map(
      origins
        .filter(({ delegate }) => delegate === undefined)
        .map(({ output, input }) => [formatFieldPath(output), input]),
    );
    let at = lines.length;
    for (const { text, path } of printed) {
      const part = path.flatMap((_, length) => {
        const key = formatFieldPath(path.slice(0, length + 1));
        const input = known.get(key);
        known.delete(key);
        return input === undefined ? [] : [input];
      })[0];
      if (part !== undefined) starts.push({ line: at, input: part });
      // A text of several lines is one line here.
      const own = text.split('\n');
      lines.push(...own);
      at += own.length;
    }
  }
  return { text: lines.join('\n'), starts };
}

/** The longest row of pairs in which both numbers grow: parts that changed their order are not put side by side. */
function ascending(pairs: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const best: (readonly (readonly [number, number])[])[] = [];
  for (const [index, pair] of pairs.entries()) {
    let longest: readonly (readonly [number, number])[] = [];
    for (let before = 0; before < index; before += 1) {
      const row = best[before] ?? [];
      const last = row.at(-1);
      if (last !== undefined && last[0] < pair[0] && last[1] < pair[1] && row.length > longest.length)
        longest = row;
    }
    best.push([...longest, pair]);
  }
  return best.reduce((longest, row) => (row.length > longest.length ? row : longest), []);
}

/** @returns a diagnostic as the page shows it */
export function pageDiagnostic(
  { code, severity, message, why, remedy, location, related }: Diagnostic,
  texts: SharedTexts,
): PageDiagnostic {
  return {
    code,
    severity,
    message: shownText(message),
    why: texts.positionOf(shownText(why)),
    remedy: texts.positionOf(shownText(remedy)),
    file: visible(location.file),
    line: location.start.line,
    related: related.map(other => ({
      message: shownText(other.message),
      file: visible(other.location.file),
      line: other.location.start.line,
    })),
  };
}

function pageRequest({ place, request, before, after, aspects }: ProvenRequest): PageRequest {
  return {
    place: visible(place),
    request: withoutCredentials(request),
    before: pageSide(before),
    after: pageSide(after),
    aspects,
  };
}

function pageSide({ outcome, rule }: ProvenSide): PageSide {
  const { kind = '', namespace = '', name = '' } = rule?.resource ?? {};
  return {
    outcome: shownText(outcome),
    rule: rule === undefined ? '' : shownText(`${kind} ${namespace}/${name} ${rule.path}`),
  };
}

function withoutCredentials(request: ProvenRequest['request']): ProvenRequest['request'] {
  const shown = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const [, safe = value] = /^[^:]*: (.*)$/s.exec(redact(`${name}: ${value}`)) ?? [];
        return [visible(name), visible(safe)];
      }),
    );
  const { path, headers, queryParams } = request;
  return { ...request, path: shownText(path), headers: shown(headers), queryParams: shown(queryParams) };
}

/** @returns what takes the place of each object of the input, by where that is written */
export function outputsByHome({ outputs }: Conversion): ReadonlyMap<Source, readonly Output[]> {
  const byHome = new Map<Source, Output[]>();
  for (const output of outputs) {
    const known = byHome.get(output.home);
    if (known === undefined) byHome.set(output.home, [output]);
    else known.push(output);
  }
  return byHome;
}
