import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startSignatureStore } from '../../testing/servers/signature-store.ts'
import { copyImage } from '../copy/copy.ts'
import { putArtifact, putImage, tag } from '../testing/images.ts'
import { putSignature } from './put-signature.ts'
import { nameOfReferrer } from './referrer.ts'
import { listReferrers } from './referrers.ts'
import { readSbom } from './sbom.ts'

const server = await startDockerRegistry()
const front = await startSignatureStore(server.url)
const plain = createHttpRegistry({ name: 'plain', url: server.url })
const storing = createHttpRegistry({ name: 'storing', url: front.url })
afterAll(async () => {
  for (const each of [storing, plain]) await each.close()
  for (const each of [front, server]) await each.stop()
})
const from = storing.repository(parseRepositoryName('team/app'))
const image = await putImage(plain.repository(from.name), { tags: ['1.0'] })
const content = Buffer.from('an OpenPGP message')

it('a registry’s own signatures are listed among the others, and copied if the destination has such a store', async () => {
  const placed = await putSignature(from, image.digest, { form: 'store', content })
  const name = placed.form === 'store' ? placed.name : ''
  expect((await listReferrers(from, image.digest)).items).toMatchObject([
    { source: 'signature-store', kind: 'signature', name, content },
  ])
  const copyTo = (repository: typeof from) =>
    copyImage({ repository: from, reference: tag('1.0') }, { repository, reference: tag('1.0') }, { referrers: true })
  expect((await copyTo(plain.repository(parseRepositoryName('plain/app')))).referrers).toMatchObject({
    copied: 0,
    skipped: [{ name, reason: 'the destination can’t store signatures' }],
  })
  const other = storing.repository(parseRepositoryName('other/app'))
  for (const _ of ['first', 'again']) expect((await copyTo(other)).referrers).toEqual({ copied: 1, skipped: [] })
  expect((await listReferrers(other, image.digest)).items).toMatchObject([{ source: 'signature-store', content }])
})

it('a cosign tag for an SBOM is read as one', async () => {
  const repository = plain.repository(parseRepositoryName('sbom/app'))
  const { digest } = await putImage(repository)
  const tags = [`${digest.replace(':', '-')}.sbom`]
  await putArtifact(repository, [{ mediaType: 'text/spdx+json', content: '{"spdxVersion":"SPDX-2.3"}' }], { tags })
  const { items } = await listReferrers(repository, digest)
  expect(items).toMatchObject([{ source: 'cosign-tag', kind: 'sbom', sbom: true, tag: tags[0] }])
  const [sbom] = items.flatMap((item) => ('descriptor' in item ? item.descriptor : []))
  expect(sbom && (await readSbom(repository, sbom))).toMatchObject([
    { format: 'spdx', version: 'SPDX-2.3', encoding: 'json', text: '{"spdxVersion":"SPDX-2.3"}' },
  ])
})

it('two processes that attach to one image at the same time lose nothing', async () => {
  const repository = plain.repository(parseRepositoryName('two/app'))
  const { digest } = await putImage(repository)
  const attach = (prefix: string) =>
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, '../testing/attach-many.ts'),
      ...[server.url, repository.name, digest, prefix, '4'],
    ])
  const written = await Promise.all(['a', 'b'].map(attach))
  const digests = written.flatMap(({ stdout }) => stdout.trim().split('\n'))
  expect(digests).toHaveLength(8)
  const { items } = await listReferrers(repository, digest)
  expect(items.map(nameOfReferrer).sort()).toEqual(digests.sort())
})
