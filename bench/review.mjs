import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { virtualService } from './manifests.mjs';
import { inFolder, inSeconds, program, vs2route } from './measure.mjs';
import { profiled, shareOf } from './profile.mjs';

const FILES = 3000;

/** A pull request that changes one of many VirtualServices: `review`, and `verify` of the same two trees. */
export function review() {
  return inFolder(folder => {
    const head = join(folder, 'head');
    const base = join(folder, 'base');
    const git = (...args) =>
      execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], {
        cwd: head,
        stdio: 'ignore',
      });
    mkdirSync(join(head, 'apps'), { recursive: true });
    for (let number = 0; number < FILES; number += 1)
      writeFileSync(join(head, `apps/${number}.yaml`), virtualService(number));
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=main');
    cpSync(join(head, 'apps'), join(base, 'apps'), { recursive: true });
    git('checkout', '--quiet', '-b', 'work');
    writeFileSync(join(head, 'apps/7.yaml'), virtualService(7).replace('3s', '4s'));
    git('commit', '--quiet', '--all', '--message=one');
    const flags = ['--default-port', '8080', '--quiet'];
    const alone = vs2route(['verify', ...flags, '../base', '.'], { cwd: head });
    const whole = vs2route(['review', ...flags, '--base', 'main', '.'], { cwd: head });
    const samples = profiled(given =>
      execFileSync(process.execPath, [...given, program, 'review', ...flags, '--base', 'main', '.'], {
        cwd: head,
        stdio: 'ignore',
      }),
    );
    const after = whole.cpu * shareOf(samples, 'compareSides', 'readOne');
    return [
      [`${FILES} VirtualServices, verify`, `${inSeconds(alone.cpu)} CPU`, ''],
      [
        `${FILES} VirtualServices, review of one that changed`,
        `${inSeconds(whole.cpu)} CPU`,
        `${(whole.cpu / alone.cpu).toFixed(2)} times verify`,
      ],
      ['of that, once both trees are read', `${inSeconds(after)} CPU`, ''],
    ];
  });
}
