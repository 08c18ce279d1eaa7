/** How long to go on, and where to begin: `FUZZ_RUNS=20000 FUZZ_SEED=7 npx vitest run test/fuzz`. */
export function effort(usualRuns: number): { readonly numRuns: number; readonly seed: number } {
  const { FUZZ_RUNS: runs, FUZZ_SEED: seed } = process.env;
  return {
    numRuns: runs === undefined ? usualRuns : Number(runs),
    seed: seed === undefined ? 20_240_501 : Number(seed),
  };
}
