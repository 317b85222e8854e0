import { defineConfig } from 'vitest/config'

/** Tests of what a process holds once, such as its settings, sessions and caches, or of how much memory it takes. */
const PROCESS_OF_ITS_OWN = [
  ...['access', 'actions', 'audit', 'config', 'data', 'observe', 'problem', 'query', 'start'].map(
    (folder) => `lib/${folder}/**/*.test.ts`,
  ),
  'lib/catalog/*.test.ts',
  'lib/image/tar/read-tar.test.ts',
  'lib/registry/http/faults.test.ts',
  'lib/registry/http/auth/token-answer.test.ts',
  'app/**/*.test.ts',
]

export default defineConfig({
  // As on the server: `server-only` is empty there and throws elsewhere.
  ssr: { resolve: { conditions: ['react-server', 'node', 'default'] } },
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    globalSetup: ['e2e/runner/temporary-folder.ts'],
    // Long enough for a busy machine: what these end is a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Twice the cores of a build machine: tests of outages, leases and killed processes wait as long as they compute.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: 'isolated', include: PROCESS_OF_ITS_OWN } },
      {
        extends: true,
        test: {
          name: 'library',
          include: ['lib/**/*.test.ts', 'components/**/*.test.ts'],
          exclude: PROCESS_OF_ITS_OWN,
          // Without state at module level, files share a process: starting one takes half a second of processor time.
          isolate: false,
        },
      },
    ],
  },
})
