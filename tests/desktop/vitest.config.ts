import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: 'node',
    include: ['**/*.e2e.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // One window at a time: two cores have enough to do.
    fileParallelism: false,
    reporters: ['default'],
  },
});
