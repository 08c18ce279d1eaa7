import type { AnyResource } from '../2-decode/resource.ts';
import { printResources } from '../6-emit/print.ts';
import type { Conversion, ConvertedResource } from '../conversion.ts';
import { locator } from '../diagnostics/locate.ts';
import type { Options } from '../options.ts';
import { cutOverSteps } from './cut-over.ts';
import { headOf, type ReportRun, titleOf } from './page/head.ts';
import { idsOf } from './page/ids.ts';
import { Markup, markup } from './page/markup.ts';
import { detailOf, outputsByHome, pageDiagnostic, rowOf, SharedTexts, shownText } from './page/objects.ts';
import { pack } from './page/pack.ts';
import { CHUNK, type PageDetail, type PageIndex, type PageReference } from './page/page-data.ts';
import { withoutScripts } from './page/without-scripts.ts';

/** A report is one page; these are its parts that do not depend on the conversion, as `npm run build` makes them. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
  /** The program that traces requests, packed as `pack` packs a text. */
  readonly engine: string;
}

export interface HtmlOptions {
  readonly assets: PageAssets;
  readonly run: ReportRun;
  readonly options: Options;
  /** The objects of the input and of `--with` as they were read, for traces. */
  readonly read: readonly AnyResource[];
  /** Where a line of a file can be looked at, with `{path}` and `{line}`; undefined for no links. */
  readonly sourceUrl?: string | undefined;
}

/** People look first at what is not converted. */
const urgency: Readonly<Record<ConvertedResource['status'], number>> = {
  'held-back': 0,
  approximate: 1,
  converted: 2,
  skipped: 3,
};

/**
 * The report as one page that needs nothing beside it, and that can be read without scripts.
 *
 * @returns the same text for the same conversion and options, on every machine
 */
export function htmlReport(conversion: Conversion, given: HtmlOptions): string {
  const { assets, run, options, read, sourceUrl } = given;
  const resources = conversion.resources.toSorted((a, b) => urgency[a.status] - urgency[b.status]);
  const ids = idsOf(conversion.resources);
  const texts = new SharedTexts();
  const details = detailsOf(conversion, resources, texts);
  const told = new Set(resources.flatMap(resource => resource.diagnostics));
  const steps = cutOverSteps(conversion).map(({ title, commands }) => ({
    title: shownText(title),
    commands: commands.map(shownText),
  }));
  const index: PageIndex = {
    rows: resources.flatMap((one, at) => {
      const detail = details[at];
      return detail === undefined ? [] : [rowOf(one, ids.get(one) ?? '', detail)];
    }),
    steps,
    others: conversion.diagnostics
      .filter(diagnostic => !told.has(diagnostic))
      .map(one => pageDiagnostic(one, texts)),
    texts: texts.all(),
    sourceUrl: isWebAddress(sourceUrl) ? sourceUrl : '',
    key: keyOf(resources, run),
    trace: options,
  };
  const chunks: PageDetail[][] = [];
  for (let at = 0; at < details.length; at += CHUNK) chunks.push(details.slice(at, at + CHUNK));
  const own = resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="vs2route ${run.version}">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' blob:; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'">
<title>vs2route: ${titleOf(own)}</title>
<style>${new Markup(assets.style)}</style>
</head>
<body>
<div id="head">${headOf(conversion, ids, run)}</div>
<main id="app" tabindex="-1"></main>
<div id="paper"></div>
${withoutScripts(index.rows, details, steps)}
${data('index', pack(index))}
${chunks.map((chunk, at) => data(`chunk-${at}`, pack(chunk)))}
${data('reference', pack(referencesOf(read, resources)))}
${data('engine', assets.engine)}
<script type="module">${new Markup(assets.script)}</script>
</body>
</html>
`.text;
}

/** What is packed in base64 has no character that could end the element. */
function data(id: string, packed: string): Markup {
  return new Markup(`<script type="application/octet-stream" id="data-${id}">${packed}</script>\n`);
}

function detailsOf(
  conversion: Conversion,
  resources: readonly ConvertedResource[],
  texts: SharedTexts,
): readonly PageDetail[] {
  const locate = locator();
  const outputs = outputsByHome(conversion);
  const gone = new Set(
    conversion.edits.flatMap(({ kind, source }) =>
      kind === 'replace' ? [placeKey(source.document.file.path, source.document.index, source.path)] : [],
    ),
  );
  return resources.map(one => {
    const { source } = one.resource;
    const isGone =
      source !== undefined &&
      gone.has(placeKey(source.document.file.path, source.document.index, source.path));
    return detailOf(one, (source && outputs.get(source)) ?? [], isGone, locate, texts);
  });
}

function placeKey(...parts: readonly unknown[]): string {
  return JSON.stringify(parts);
}

/** Kinds that decide where a request goes, beside those that the report lists. */
const traced: ReadonlySet<AnyResource['type']> = new Set<AnyResource['type']>([
  'istio.ServiceEntry',
  'istio.Sidecar',
  'core.Service',
  'core.Namespace',
  'apps.Workload',
  'gateway.Gateway',
  'gateway.GatewayClass',
  'gateway.ListenerSet',
  'gateway.HTTPRoute',
  'gateway.GRPCRoute',
  'gateway.TLSRoute',
  'gateway.TCPRoute',
  'gateway.ReferenceGrant',
  'gateway.BackendTLSPolicy',
]);

function referencesOf(
  read: readonly AnyResource[],
  listed: readonly ConvertedResource[],
): readonly PageReference[] {
  const known = new Set(
    listed.map(({ resource: { kind, namespace, name } }) => placeKey(kind, namespace, name)),
  );
  return read
    .filter(
      ({ type, kind, namespace, name }) =>
        traced.has(type) ||
        (type.startsWith('istio.') && !known.has(placeKey(kind, namespace, name)) && isRule(type)),
    )
    .map(resource => ({ yaml: shownText(printResources([resource])), ns: resource.namespace }));
}

/** Of `--with`: rules that count, and that the report does not list. */
function isRule(type: AnyResource['type']): boolean {
  return type === 'istio.VirtualService' || type === 'istio.DestinationRule' || type === 'istio.Gateway';
}

/** Ticks are kept for a report with the same objects, whenever it is made. */
function keyOf(resources: readonly ConvertedResource[], { commit = '' }: ReportRun): string {
  const [first] = resources;
  return `vs2route ${commit} ${resources.length} ${first?.resource.namespace ?? ''}/${first?.resource.name ?? ''}`;
}

/** An address of another kind, such as javascript:, would do something else than show a file. */
function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url);
}
