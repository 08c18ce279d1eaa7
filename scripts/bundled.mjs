// What the bundles of this project have in common: programs for pages, and the licences of what is in a bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, strToU8 } from 'fflate';
import { rolldown } from 'rolldown';

/** A program for a page in one text, and the modules that are in it. */
export async function bundled(input, format, plugins = []) {
  const bundle = await rolldown({
    input,
    plugins,
    platform: 'browser',
    transform: { jsx: { importSource: 'preact' } },
  });
  const { output } = await bundle.generate({ format, minify: true, codeSplitting: false });
  return { code: output[0].code, modules: output[0].moduleIds };
}

/** A program within a script element, which would end at the first of these. */
export function inScript(code) {
  return code.replaceAll('</script', String.raw`<\/script`);
}

/** A text as `pack` packs it into a page. */
export function packed(text) {
  return Buffer.from(deflateSync(strToU8(text), { level: 9 })).toString('base64');
}

/** What the bundled libraries ask for: that their licences come along. */
export function licences(modules) {
  const packages = new Set(
    modules.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []),
  );
  const texts = [...packages].toSorted().map(path => {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = readdirSync(path).find(one => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence that could come along.`);
    return `${name} ${version}\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`;
  });
  return `The program contains these libraries.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
