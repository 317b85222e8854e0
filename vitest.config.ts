import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As on the server: `server-only` is empty there and throws elsewhere.
  ssr: { resolve: { conditions: ['react-server', 'node', 'default'] } },
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    globalSetup: ['e2e/runner/temporary-folder.ts'],
    include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'app/**/*.test.ts'],
    // Long enough for a busy machine: what these end is a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Two cores are what a build machine has; more workers only make timings noisy.
    maxWorkers: 2,
  },
})
