import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: 'node',
    include: ['**/*.e2e.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // One window at a time: the driver has one port, and two cores have enough to do.
    fileParallelism: false,
    reporters: ['default'],
  },
});
