import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { virtualServices } from './manifests.mjs';
import { fastest, inFolder, inSeconds, program } from './measure.mjs';

const module = fileURLToPath(new URL('ingress2gateway', import.meta.url));

/** 5,000 and 20,000 VirtualServices in one file: the other tool converts, this one converts and proves. */
export function againstIngress2gateway() {
  return inFolder(folder => {
    const binary = join(folder, 'ingress2gateway');
    const built = spawnSync('go', ['build', '-o', binary, 'github.com/kubernetes-sigs/ingress2gateway'], {
      cwd: module,
      encoding: 'utf8',
    });
    if (built.status !== 0) return [['ingress2gateway v1.2.0', 'not measured: go build failed', '']];
    return [5000, 20_000].flatMap(count => {
      const file = join(folder, `${count}.yaml`);
      const what = `${count.toLocaleString('en-US')} VirtualServices`;
      // The other tool reads v1beta1 only.
      writeFileSync(file, virtualServices(count, 'networking.istio.io/v1beta1'));
      const runs = count > 5000 ? 1 : 3;
      const other = fastest(binary, ['print', '--providers=istio', `--input-file=${file}`], { runs });
      const own = fastest(process.execPath, [program, 'convert', '--default-port', '8080', file], { runs });
      return [
        [`${what}, ingress2gateway v1.2.0`, inSeconds(other), ''],
        [`${what}, convert`, inSeconds(own), `${(other / own).toFixed(1)} times as fast`],
      ];
    });
  });
}
