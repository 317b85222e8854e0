import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createHttpRegistry } from '../registry/http/http-registry.ts'
import type { Registry } from '../registry/registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../testing/servers/docker-registry.ts'
import { pushImage } from '../testing/servers/images.ts'
import { forgetNames, listNames } from './repository-names.ts'

let server: DockerRegistry
let registry: Registry
let serial = 0

beforeEach(async () => {
  server = await startDockerRegistry()
  await pushImage(server.url, 'team/app', ['1'])
  // The names of a registry are kept for the whole process.
  registry = createHttpRegistry({ name: `names-${++serial}`, url: server.url, timeouts: { longestWait: 50 } })
})
afterEach(async () => {
  vi.useRealTimers()
  await server.stop()
})

/** Lets so many minutes pass for whoever looks at the clock; requests go on in real time. */
const later = (minutes: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })

describe('the list of repositories', () => {
  test('is asked for once by all who want it at the time', async () => {
    const [a, b] = await Promise.all([listNames(registry), listNames(registry)])
    expect(a).toBe(b)
    expect(a.sorted).toEqual(['team/app'])
  })

  test('is new after a change, or when the user asks for it', async () => {
    await listNames(registry)
    await pushImage(server.url, 'team/new', ['1'])
    expect((await listNames(registry)).sorted).toEqual(['team/app'])
    forgetNames(registry.name)
    expect((await listNames(registry)).sorted).toEqual(['team/app', 'team/new'])
  })

  test('stays, with its age and the reason, while the registry is down for hours', async () => {
    const seen = await listNames(registry)
    await server.stop()
    later(180)
    const names = await listNames(registry)
    expect(names).toMatchObject({ sorted: ['team/app'], listedAt: seen.listedAt })
    expect(names.failure?.code).toMatch(/^registry\.(unreachable|unavailable)$/)
  })

  test('that was never had is a failure, not an empty list', async () => {
    await server.stop()
    await expect(listNames(registry)).rejects.toMatchObject({ name: 'RegistryError' })
  })
})
