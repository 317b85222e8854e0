import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['e2e/runner/temporary-folder.ts'],
    include: ['e2e/interop/*.contract.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
