import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{runtime,nodes,server,editor,scripts,tests,migrations}/**/*.test.{ts,tsx}'],
    exclude: ['node_modules', 'dist', 'tests/e2e/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine is late, not wrong.
    expect: { poll: { timeout: 20_000 } },
  },
})
