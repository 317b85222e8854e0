import { test as base, type Page } from '@playwright/test'
import { type DockerRegistry, startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { type Stock, stockRegistry } from '../lib/testing/servers/stock-registry.ts'

interface WorkerFixtures {
  /** More environment for this worker's Lading: `test.use({ ladingEnv: { READ_ONLY: '1' } })`. */
  readonly ladingEnv: Readonly<Record<string, string>>
  /** A registry of this worker's own, filled. Tests that change it work in repositories of their own. */
  readonly stocked: { readonly registry: DockerRegistry; readonly stock: Stock }
  /** The built application on that registry. */
  readonly lading: Lading
}

/** Browser tests on a real registry and the built application; `page.goto('/')` is its home. */
export const test = base.extend<object, WorkerFixtures>({
  ladingEnv: [{}, { scope: 'worker', option: true }],
  stocked: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      await using registry = await startDockerRegistry()
      await use({ registry, stock: await stockRegistry(registry) })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  lading: [
    async ({ stocked, ladingEnv }, use) => {
      await using lading = await startLading({
        REGISTRY_URL: stocked.registry.url,
        REGISTRY_NAME: 'local',
        ...ladingEnv,
      })
      await use(lading)
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ lading }, use) => use(lading.url),
  page: async ({ page }, use) => {
    for (const name of ['goto', 'reload'] as const) withItsCode(page, name)
    await use(page)
  },
})

/** A person reads before clicking; a test is so quick that React may not be listening yet, and its click would be lost. */
function withItsCode(page: Page, name: 'goto' | 'reload'): void {
  const open = page[name].bind(page) as (...args: unknown[]) => ReturnType<Page['goto']>
  page[name] = async (...args: unknown[]) => {
    const response = await open(...args)
    await page.waitForFunction(() =>
      [...document.querySelectorAll('body button, body input:not([type=hidden]), body select')].every((control) =>
        Object.keys(control).some((key) => key.startsWith('__reactProps')),
      ),
    )
    return response
  }
}

export { expect } from '@playwright/test'
