import type { AnyResource } from '../2-decode/resource.ts';
import type { Conversion } from '../conversion.ts';
import type { Options } from '../options.ts';
import { headOf, type ReportRun, titleOf } from './page/head.ts';
import { Markup, markup } from './page/markup.ts';
import { pack } from './page/pack.ts';
import { CHUNK, type PageDetail } from './page/page-data.ts';
import { reportData } from './page/report-data.ts';
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

/**
 * The report as one page that needs nothing beside it, and that can be read without scripts.
 *
 * @returns the same text for the same conversion and options, on every machine
 */
export function htmlReport(conversion: Conversion, given: HtmlOptions): string {
  const { assets, run, options, read, sourceUrl } = given;
  const { index, details, references, ids } = reportData(conversion, {
    options,
    read,
    sourceUrl,
    commit: run.commit,
  });
  const chunks: PageDetail[][] = [];
  for (let at = 0; at < details.length; at += CHUNK) chunks.push(details.slice(at, at + CHUNK));
  const own = conversion.resources.filter(({ resource }) => resource.type === 'istio.VirtualService');
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
${withoutScripts(index.rows, details, index.steps)}
${data('index', pack(index))}
${chunks.map((chunk, at) => data(`chunk-${at}`, pack(chunk)))}
${data('reference', pack(references))}
${data('engine', assets.engine)}
<script type="module">${new Markup(assets.script)}</script>
</body>
</html>
`.text;
}

/** Text that is packed in base64 has no character that could end the element. */
function data(id: string, packed: string): Markup {
  return new Markup(`<script type="application/octet-stream" id="data-${id}">${packed}</script>\n`);
}
