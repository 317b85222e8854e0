import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

/** One of the two homes that images have, with real content behind it. */
export interface Home {
  readonly registry: Registry
  /** A repository that no other test uses. */
  fresh(): Repository
}

/** Runs the same tests over an OCI layout on disk and over Debian's docker-registry. */
export function describeHomes(name: string, tests: (home: () => Home) => void): void {
  describe(`${name}, in a layout`, () => tests(useHome(openLayout)))
  describe(`${name}, in docker-registry`, () => tests(useHome(startRegistry)))
}

/** Opens a home before the tests of the surrounding `describe` and closes it after them. */
export function useHome(open: () => Promise<OpenHome>): () => Home {
  let opened: OpenHome | undefined
  let used = 0
  beforeAll(async () => {
    opened = await open()
  })
  afterAll(() => opened?.close())
  return () => {
    if (!opened) throw new Error('the home is not open yet')
    const { registry } = opened
    return { registry, fresh: () => registry.repository(parseRepositoryName(`team/app${++used}`)) }
  }
}

export interface OpenHome {
  readonly registry: Registry
  close(): Promise<void>
}

export async function openLayout(): Promise<OpenHome> {
  const path = await mkdtemp(join(tmpdir(), 'lading-layout-'))
  await createLayout(path)
  const registry = createLayoutRegistry({ name: 'layout', path })
  return { registry, close: () => rm(path, { recursive: true, force: true }) }
}

export async function startRegistry(options: Parameters<typeof startDockerRegistry>[0] = {}): Promise<OpenHome> {
  const server = await startDockerRegistry(options)
  const registry = createHttpRegistry({ name: 'server', url: server.url })
  return { registry, close: () => server.stop() }
}
