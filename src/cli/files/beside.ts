import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isKustomizationFile } from '../../1-read/manifests.ts';
import { mayName } from '../../1-read/unread-text.ts';
import type { SourceFile } from '../../yaml/source.ts';

/** Templates, in the suffixes of the usual tools, and manifests with a suffix behind their own. */
const template =
  /\.(?:tpl|tmpl|gotmpl|j2|jinja2?|jsonnet|libsonnet|cue|star|hcl|tf|tfvars|kcl|k|dhall|erb|mustache|hbs|envsubst|template|pkl)$|\.(?:ya?ml|json)\.[\w-]+$/i;

/** Folders that tools fill, and nobody applies from. */
const passedOver: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  '.svn',
  '.cache',
  '.terraform',
  '.terragrunt-cache',
  '.venv',
  '.tox',
  '.gradle',
  '.m2',
  '.npm',
  '.yarn',
  '.idea',
  '.vscode',
  '.vs2route',
]);

/** Larger files are dumps. */
const MAX_SIZE = 1_000_000;

/** Whether a file holds a template, so that it is read as text and not as manifests. */
export function isTemplateFile(name: string): boolean {
  return template.test(name);
}

/** Whether a hidden folder may hold what somebody applies. */
export function isWorthReading(folder: string): boolean {
  return !passedOver.has(folder) && folder !== 'node_modules' && !folder.endsWith('cache');
}

/** Reads the sources of generators, so that two trees can be compared; one that cannot be read is left out. */
export function readSources(
  found: readonly { readonly absolute: string; readonly path: string }[],
): readonly SourceFile[] {
  return found.flatMap(({ absolute, path }) => {
    try {
      return statSync(absolute).size > MAX_SIZE ? [] : [{ path, text: readFileSync(absolute, 'utf8') }];
    } catch {
      return [];
    }
  });
}

/**
 * Reads a file that lies beside the manifests, for the names in it.
 *
 * @returns undefined where it can name nothing, or cannot be read: it is no input
 */
export function readBeside(absolute: string, path: string): SourceFile | undefined {
  try {
    if (statSync(absolute).size > MAX_SIZE) return undefined;
    const text = readFileSync(absolute, 'utf8');
    const file = { path, text };
    return !text.includes('\0') && (isKustomizationFile(basename(path)) || mayName(file)) ? file : undefined;
  } catch {
    return undefined;
  }
}
