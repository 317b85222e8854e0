import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadArchive } from '../../lib/image/archive/load-archive.ts'
import { type Archive, writeDockerArchive, writeOciArchive } from '../../lib/image/archive/write-archive.ts'
import { flatten } from '../../lib/image/flatten/flatten.ts'
import { readImage } from '../../lib/image/inspect/image.ts'
import { readTar } from '../../lib/image/tar/read-tar.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import { createLayout } from '../../lib/registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../lib/registry/layout/layout-registry.ts'
import { writeSamples } from '../../lib/registry/layout/samples/samples.ts'
import { type ContainerEngine, type EngineKind, startEngine } from '../../lib/testing/servers/container-engine.ts'
import { startDockerRegistry } from '../../lib/testing/servers/docker-registry.ts'
import { pushSchema1 } from '../../lib/testing/servers/schema1-images.ts'

const root = await mkdtemp(join(tmpdir(), 'lading-engines-'))
const NAME = 'samples/web/storefront:1.4.2'
const layout = (path: string) => createLayoutRegistry({ name: 'local', path })
const sample = layout(join(root, 'samples')).repository(parseRepositoryName('samples/web/storefront'))
const version = parseTag('1.4.2')
const platform = { os: 'linux', architecture: 'amd64' }
beforeAll(() => writeSamples(join(root, 'samples')))
afterAll(() => rm(root, { recursive: true, force: true }))

const FORMATS: Readonly<Record<string, () => Promise<Archive>>> = {
  docker: () => writeDockerArchive(sample, version, { name: NAME }),
  OCI: () => writeOciArchive(sample, version, { name: NAME }),
}

for (const kind of (process.env.LADING_ENGINES ?? '').split(',').filter(Boolean) as EngineKind[]) {
  describe(`${kind} load and save`, () => {
    let engine: ContainerEngine
    beforeAll(async () => {
      engine = await startEngine(kind)
    })
    afterAll(() => engine?.[Symbol.asyncDispose]())

    it.each(Object.keys(FORMATS))('takes the %s archive, with the files that flattening gives', async (format) => {
      const file = join(root, `${kind}-${format}.tar`)
      await writeFile(file, (await FORMATS[format]?.())?.stream ?? [])
      expect(await engine.call('load', '--input', file)).toContain(NAME)
      const { manifest } = await readImage(sample, version, { platform })
      if (manifest.kind !== 'oci-image') throw new Error(`${NAME} is ${manifest.kind}`)
      const id = (await engine.call('image', 'inspect', '--format', '{{.Id}}', NAME)).trim().replace(/^sha256:/, '')
      expect(`sha256:${id}`).toBe(manifest.config.digest)
      const exported = join(root, `${kind}-${format}-files.tar`)
      const container = (await engine.call('create', NAME, '/none')).trim()
      await engine.call('export', '--output', exported, container)
      await engine.call('rm', container)
      await engine.call('rmi', NAME)
      const wanted = await filesOf((await flatten(sample, version)).stream)
      expect(wanted.length).toBeGreaterThan(3)
      expect(await filesOf(createReadStream(exported))).toEqual(expect.arrayContaining(wanted))
    })

    it('takes a schema 1 image, converted', async () => {
      await using server = await startDockerRegistry({ schema1: true })
      await pushSchema1(server.url, 'old/app', '1', {
        layers: [{ 'etc/a': '1' }, { 'etc/b': '2' }, { 'etc/a': '1' }],
        labels: { owner: 'Ann' },
      })
      const old = createHttpRegistry({ name: 'old', url: server.url }).repository(parseRepositoryName('old/app'))
      const file = join(root, `${kind}-schema1.tar`)
      await writeFile(file, (await writeDockerArchive(old, parseTag('1'), { name: 'example.com/old/app:1' })).stream)
      expect(await engine.call('load', '--input', file)).toContain('example.com/old/app:1')
      const inspected = JSON.parse(await engine.call('image', 'inspect', 'example.com/old/app:1'))
      expect(inspected).toMatchObject([{ Os: 'linux', Config: { Env: ['A=b'], Labels: { owner: 'Ann' } } }])
      expect(inspected[0].RootFS.Layers).toHaveLength(3)
    })

    it('what it saves is loaded as the same image', async () => {
      const [sent, saved] = [join(root, `${kind}-sent.tar`), join(root, `${kind}-saved.tar`)]
      await writeFile(sent, (await writeDockerArchive(sample, version, { name: NAME })).stream)
      await engine.call('load', '--input', sent)
      await engine.call('save', '--output', saved, NAME)
      await createLayout(join(root, `${kind}-back`))
      const back = layout(join(root, `${kind}-back`)).repository(parseRepositoryName('back/app'))
      await loadArchive(back, createReadStream(saved), { place: () => ({ repository: back, tag: version }) })
      const [original, returned] = [await readImage(sample, version, { platform }), await readImage(back, version)]
      expect(returned.config).toEqual(original.config)
    })
  })
}

/** Regular files only: engines add the mount points of a container. */
async function filesOf(stream: Readable): Promise<string[]> {
  const paths: string[] = []
  for await (const { entry } of readTar(stream)) if (entry.type === 'file') paths.push(entry.path)
  return paths.sort()
}
