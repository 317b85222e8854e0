import { defineConfig } from '@playwright/test'
import { specsByServers } from './runner/specs-by-servers.ts'

const OFFLINE = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic']

export default defineConfig({
  testDir: '.',
  globalSetup: './runner/temporary-folder.ts',
  projects: specsByServers(),
  outputDir: '../test-results',
  // One more than the cores of a build machine: browser and server wait for each other, and tests for timers.
  workers: 3,
  retries: 0,
  forbidOnly: true,
  // Machines that run other work beside the tests answer late.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ...(process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['json'] as const] : [])],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Debian's Chromium without a window, in half the processor time; it refuses its sandbox to root.
    launchOptions: { executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox', ...OFFLINE] },
    permissions: ['clipboard-read', 'clipboard-write'],
    // With the pictures of each step, a fifth of all processor time would be spent on them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
  },
})
