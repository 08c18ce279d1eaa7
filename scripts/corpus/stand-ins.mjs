import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { load } from 'js-yaml';

/**
 * The corpus holds the files that mention Istio, not those that kustomizations list beside them: these get something in
 * their place, so that the kustomizations can be built.
 */
export function standIn(files) {
  for (const path of files.filter(file => /(?:^|\/)kustomization\.ya?ml$/i.test(file))) {
    const spec = parsed(path);
    const lists = [spec.resources, spec.bases, spec.components].map(list => list ?? []);
    for (const [index, list] of lists.entries())
      for (const item of list) if (!item.includes('://')) write(join(dirname(path), item), index === 2);
    for (const generator of [...(spec.configMapGenerator ?? []), ...(spec.secretGenerator ?? [])])
      for (const item of [...(generator.files ?? []), ...(generator.envs ?? [])])
        writeMissing(join(dirname(path), item.replace(/^[^=]*=/, '')), '');
  }
}

function parsed(path) {
  try {
    return load(readFileSync(path, 'utf8')) ?? {};
  } catch {
    return {};
  }
}

function write(path, isComponent) {
  if (extname(path) !== '') return writeMissing(path, configMap(path));
  if (existsSync(path)) return;
  const head = isComponent ? 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n' : '';
  writeMissing(join(path, 'kustomization.yaml'), `${head}resources: [stand-in.yaml]\n`);
  writeMissing(join(path, 'stand-in.yaml'), configMap(path));
}

function configMap(path) {
  const name = path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(-60)
    .replace(/^-+|-+$/g, '');
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
}

function writeMissing(path, text) {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
