import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Many tests run programs, and machines of CI are slow and shared.
  test: { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } },
});
