import type { AnyResource } from '../../2-decode/resource.ts';
import { printResources, printYaml } from '../../6-emit/print.ts';
import type { Conversion, ConvertedResource } from '../../conversion.ts';
import { locator } from '../../diagnostics/locate.ts';
import type { Options } from '../../options.ts';
import { visible } from '../../print/visible.ts';
import { changeSets } from '../change-sets.ts';
import { cutOverSteps } from '../cut-over.ts';
import { idsOf } from './ids.ts';
import { detailOf, outputsByHome, pageDiagnostic, rowOf, SharedTexts, shownText } from './objects.ts';
import type { PageDetail, PageIndex, PageReference } from './page-data.ts';

/** Everything that the page of a report shows, and that a page shows while somebody types. */
export interface ReportData {
  readonly index: PageIndex;
  /** The details of each row of the index. */
  readonly details: readonly PageDetail[];
  readonly references: readonly PageReference[];
  readonly ids: ReadonlyMap<ConvertedResource, string>;
}

export interface DataOptions {
  readonly options: Options;
  /** The objects of the input and of `--with` as they were read, for traces. */
  readonly read: readonly AnyResource[];
  /** Where a line of a file can be looked at, with `{path}` and `{line}`; undefined for no links. */
  readonly sourceUrl?: string | undefined;
  readonly commit?: string | undefined;
}

/** People look first at what is not converted. */
const urgency: Readonly<Record<ConvertedResource['status'], number>> = {
  'held-back': 0,
  approximate: 1,
  converted: 2,
  skipped: 3,
};

/** @returns the same data for the same conversion and options, on every machine */
export function reportData(conversion: Conversion, given: DataOptions): ReportData {
  const { options, read, sourceUrl, commit = '' } = given;
  const resources = conversion.resources.toSorted((a, b) => urgency[a.status] - urgency[b.status]);
  const ids = idsOf(conversion.resources);
  const texts = new SharedTexts();
  const details = detailsOf(conversion, resources, texts);
  const sets = changeSets(conversion);
  const told = new Set(resources.flatMap(resource => resource.diagnostics));
  const index: PageIndex = {
    rows: resources.flatMap((one, at) => {
      const detail = details[at];
      return detail === undefined ? [] : [rowOf(one, ids.get(one) ?? '', detail, sets.get(one.resource))];
    }),
    steps: cutOverSteps(conversion).map(({ title, commands }) => ({
      title: shownText(title),
      commands: commands.map(shownText),
    })),
    others: conversion.diagnostics
      .filter(diagnostic => !told.has(diagnostic))
      .map(one => pageDiagnostic(one, texts)),
    texts: texts.all(),
    sourceUrl: isWebAddress(sourceUrl) ? sourceUrl : '',
    key: keyOf(resources, commit),
    trace: options,
  };
  return { index, details, references: referencesOf(read, resources), ids };
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
  'kustomize.Kustomization',
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
    .map(resource => ({
      yaml: shownText(yamlOf(resource)),
      ns: resource.namespace,
      file: visible(resource.source?.document.file.path ?? ''),
    }));
}

/** Only the lists of a kustomization count: they tell which files are deployed together. */
function yamlOf(resource: AnyResource): string {
  if (resource.type !== 'kustomize.Kustomization') return printResources([resource]);
  const { resources, bases, components } = resource.spec;
  const lists = Object.entries({ resources, bases, components }).filter(([, list]) => list !== undefined);
  return printYaml({
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    ...Object.fromEntries(lists),
  });
}

/** Objects of `--with`: their rules count, and the report does not list them. */
function isRule(type: AnyResource['type']): boolean {
  return type === 'istio.VirtualService' || type === 'istio.DestinationRule' || type === 'istio.Gateway';
}

/** Ticks are kept for a report with the same objects, whenever it is made. */
function keyOf(resources: readonly ConvertedResource[], commit: string): string {
  const [first] = resources;
  return `vs2route ${commit} ${resources.length} ${first?.resource.namespace ?? ''}/${first?.resource.name ?? ''}`;
}

/** An address of another kind, such as javascript:, would do something else than show a file. */
function isWebAddress(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//i.test(url);
}
