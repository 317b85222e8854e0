import { afterAll, describe, expect, it } from 'vitest'
import type { Descriptor } from '../../../oci/descriptor.ts'
import { digestOf } from '../../../oci/digester.ts'
import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import { parseRepositoryName, parseTag } from '../../../oci/reference.ts'
import { startDockerRegistry } from '../../../testing/servers/docker-registry.ts'
import { createHttpRegistry } from '../http-registry.ts'

const server = await startDockerRegistry()
const registry = createHttpRegistry({ name: 'r', url: server.url })
const repository = registry.repository(parseRepositoryName('team/app'))
afterAll(async () => {
  await registry.close()
  await server.stop()
})

describe('the index of referrers that other tools share', () => {
  it('keeps everything they wrote into it when a referrer is added and removed', async () => {
    const config = { mediaType: MEDIA_TYPE.ociEmpty, ...(await repository.putBlob(Buffer.from('{}'))) }
    const put = (more: object, reference?: string): Promise<Descriptor> => {
      const document = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [], ...more }
      const bytes = Buffer.from(JSON.stringify(document))
      const at = reference === undefined ? digestOf(bytes) : parseTag(reference)
      return repository.putManifest(at, { mediaType: MEDIA_TYPE.ociManifest, bytes })
    }
    const subject = await put({ annotations: { is: 'subject' } }, 'subject')
    const theirs = {
      ...(await put({ annotations: { by: 'another tool' } }, 'theirs')),
      artifactType: 'a/b',
      data: 'eHl6',
      platform: { os: 'linux', architecture: 'arm', variant: 'v7', 'os.version': '1', 'os.features': ['x'] },
      annotations: { ['__proto__']: 'kept' },
      'com.example.extra': { deep: [1] },
    }
    const shared = parseTag(subject.digest.replace(':', '-'))
    const document = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      artifactType: 'x/list',
      annotations: { 'made.by': 'another tool' },
      manifests: [theirs],
      extra: 1,
    }
    const text = JSON.stringify(document)
    await repository.putManifest(shared, { mediaType: MEDIA_TYPE.ociIndex, bytes: Buffer.from(text) })
    const read = async (): Promise<unknown> =>
      JSON.parse(Buffer.from((await repository.manifest(shared)).bytes).toString())
    const { mediaType, digest, size } = await put({ artifactType: 'x/y', subject, annotations: { mine: '1' } })
    const mine = { mediaType, digest, size, artifactType: 'x/y', annotations: { mine: '1' } }
    expect(await read()).toEqual({ ...document, manifests: [theirs, mine] })
    await repository.deleteManifest(digest, { expectTags: [] })
    expect(await read()).toEqual(document)
  })
})
