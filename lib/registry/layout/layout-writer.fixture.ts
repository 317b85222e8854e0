import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createLayoutRegistry } from './layout-registry.ts'

/**
 * Run as a process of its own: `node layout-writer.fixture.ts <layout> <prefix> <count>` puts that many tags, one by
 * one.
 */
const [path = '', prefix = '', count = '0'] = process.argv.slice(2)
const repository = createLayoutRegistry({ name: 'writer', path }).repository(parseRepositoryName('team/app'))
for (let n = 0; n < Number(count); n++) {
  const config = Buffer.from(
    JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Labels: { n: `${prefix}${n}` } } }),
  )
  const stored = await repository.putBlob(config)
  const mediaType = MEDIA_TYPE.ociManifest
  const document = { schemaVersion: 2, mediaType, config: { mediaType: MEDIA_TYPE.ociConfig, ...stored }, layers: [] }
  await repository.putManifest(parseTag(`${prefix}${n}`), { mediaType, bytes: Buffer.from(JSON.stringify(document)) })
  process.stdout.write(`${prefix}${n}\n`)
}
