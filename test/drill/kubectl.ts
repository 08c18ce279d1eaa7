import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a command printed, and how it ended. */
export interface Printed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell in which `kubectl` is the real one, and speaks to the drill's API server alone. */
export class Shell {
  readonly #env: NodeJS.ProcessEnv;
  readonly cwd: string;

  /**
   * @param folder of the run
   * @param cwd where the commands run
   */
  constructor(folder: string, kubectl: string, kubeconfig: string, cwd: string) {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(kubectl, join(bin, 'kubectl'));
    this.cwd = cwd;
    this.#env = {
      PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      HOME: folder,
      KUBECONFIG: kubeconfig,
    };
  }

  /** Runs one line, as somebody would who copied it. */
  run(line: string, input = '', milliseconds = 300_000): Promise<Printed> {
    return new Promise((resolve, reject) => {
      const child = spawn('bash', ['-c', line], {
        cwd: this.cwd,
        env: this.#env,
        stdio: 'pipe',
        timeout: milliseconds,
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.stdin.on('error', () => undefined);
      child.on('error', reject);
      child.on('close', status => resolve({ status: status ?? 1, stdout, stderr }));
      child.stdin.end(input);
    });
  }

  /** Runs a line that has to succeed. */
  async must(line: string, input = ''): Promise<string> {
    const { status, stdout, stderr } = await this.run(line, input);
    if (status !== 0) throw new Error(`${line}: ${stderr}`);
    return stdout;
  }
}
