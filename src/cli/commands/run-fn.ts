import { splitDocuments } from '../../1-read/split-documents.ts';
import type { Conversion } from '../../conversion.ts';
import { editResourceList } from '../../reporters/resource-list.ts';
import { parseDocument } from '../../yaml/parse-document.ts';
import type { SourceDocument } from '../../yaml/source.ts';
import { fieldOf, isRecord, stringOf, toJson } from '../../yaml/yaml-node.ts';
import type { ExitCode } from '../exit-code.ts';
import { readInputs } from '../files/read.ts';
import { parseSettings } from '../flags/config.ts';
import { type FailOn, failLevels } from '../flags/fail-on.ts';
import { type ConversionFlags, toOptions } from '../flags/flags.ts';
import { settings } from '../flags/settings.ts';
import { Refusal } from '../problem.ts';
import type { World } from '../world.ts';

/**
 * Converts a ResourceList.
 *
 * @throws Refusal when the input is none, or its functionConfig says what no flag could
 */
export async function runFn(world: World): Promise<ExitCode> {
  const { document, config } = await readList(world);
  const { failOn, ...values } = settingsOf(config);
  const { values: flags, faults: wrong } = parseSettings(values, world.cwd, world.cwd);
  const level = failLevels.find(one => one === (failOn ?? 'never'));
  const choices = { message: `failOn: Choose one of ${failLevels.join(', ')}.`, remedy: '' };
  const faults = level === undefined ? [...wrong, choices] : wrong;
  if (faults.length > 0) throw new Refusal(...faults.map(fault => ({ path: 'functionConfig', ...fault })));
  const convert = await world.loadConvert();
  world.waitLonger?.();
  const conversion = convert([document.file], await readFacts(flags, world), toOptions(flags));
  world.stdout.write(editResourceList(document, conversion));
  return fails(conversion, level ?? 'never') ? 1 : 0;
}

async function readFacts(flags: ConversionFlags, world: World): Promise<readonly SourceDocument['file'][]> {
  const { read, problems } = await readInputs(flags.with ?? [], world);
  if (problems.length > 0) throw new Refusal(...problems);
  return read.map(({ source }) => source);
}

interface List {
  readonly document: SourceDocument;
  readonly config: unknown;
}

/** @throws Refusal */
async function readList(world: World): Promise<List> {
  const [input] = (await readInputs(['-'], world)).read;
  const [document, other] = input === undefined ? [] : splitDocuments(input.source);
  const root = document === undefined ? undefined : parseDocument(document).root;
  const isList = stringOf(root, 'kind') === 'ResourceList' && fieldOf(root, 'items')?.kind === 'sequence';
  if (document === undefined || other !== undefined || !isList)
    throw new Refusal({
      path: '-',
      message: 'the standard input is not a ResourceList with items',
      remedy:
        'An orchestrator such as `kustomize fn run` writes one. Use `vs2route convert -` for plain manifests.',
    });
  const config = fieldOf(root, 'functionConfig');
  return { document, config: config === undefined ? undefined : toJson(config) };
}

/** A ConfigMap knows texts only. */
function settingsOf(config: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(config)) return {};
  const { spec, data } = config;
  if (isRecord(spec)) return spec;
  if (!isRecord(data)) return {};
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fromText(key, value)]));
}

function fromText(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  switch (settings.find(setting => setting.key === key)?.type) {
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'number':
      return Number(value);
    case 'list':
      return value.split(/[\n,]/).flatMap(item => item.trim() || []);
    default:
      return value;
  }
}

function fails({ diagnostics }: Conversion, level: FailOn): boolean {
  // The levels stand in the order of their gravity, and `never` behind all that can happen.
  const worst = Math.min(...diagnostics.map(({ severity }) => failLevels.indexOf(severity)));
  return level !== 'never' && worst <= failLevels.indexOf(level);
}
