import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/property-seed.ts'],
    // Many tests run programs, and machines of CI are slow and shared.
    testTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Vitest leaves one processor free, which on two processors is half of them.
    maxWorkers: '100%',
    // Modules hold no state, so files of tests can share them; loading them anew for each file took a fifth of the run.
    isolate: false,
  },
});
