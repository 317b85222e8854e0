import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { stringify } from 'yaml'
import { type DockerRegistry, startDockerRegistry } from '../lib/testing/servers/docker-registry.ts'
import { type Lading, startLading } from '../lib/testing/servers/lading.ts'
import { type Stock, stockRegistry } from '../lib/testing/servers/stock-registry.ts'

interface Homes {
  /** Filled, named `hub`. */
  readonly hub: DockerRegistry
  readonly stock: Stock
  /** Empty, named `mirror`. */
  readonly mirror: DockerRegistry
  /** A layout that starts with the samples, named `disk`. */
  readonly layout: string
  readonly lading: Lading
}

/** Browser tests that move images: two real registries and a layout, and everyone an admin. */
export const test = base.extend<object, { readonly homes: Homes }>({
  homes: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function needs from its pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'lading-homes-'))
      const layout = join(folder, 'layout')
      const config = join(folder, 'lading.yml')
      await using hub = await startDockerRegistry({ schema1: true })
      await using mirror = await startDockerRegistry()
      const stock = await stockRegistry(hub)
      const registries = [
        { name: 'hub', url: hub.url },
        { name: 'mirror', url: mirror.url },
        { name: 'disk', layout, samples: true },
      ]
      await writeFile(config, stringify({ registries }))
      await using lading = await startLading({ LADING_CONFIG: config, ANONYMOUS_ROLE: 'admin' })
      await use({ hub, stock, mirror, layout, lading })
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  baseURL: async ({ homes }, use) => use(homes.lading.url),
})

export { expect } from '@playwright/test'
