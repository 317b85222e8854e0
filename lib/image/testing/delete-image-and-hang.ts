import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { deleteImage } from '../delete/delete.ts'
import { openJournal } from './journal.ts'

/**
 * A process to be killed: deletes one image with its tags, which the journal keeps before. Arguments: URL, repository,
 * tags separated by commas, digest, file of the journal, what it stops after for ever: `nothing`, `kept` or the deletion itself.
 */
const [url = '', repository = '', tags = '', digest, file = '', stopAfter] = process.argv.slice(2)
const journal = openJournal(file)
const name = parseRepositoryName(repository)

await deleteImage(createHttpRegistry({ name: 'server', url }).repository(name), parseDigest(digest), {
  expectTags: tags.split(',').map(parseTag),
  async save({ mediaType, bytes, digest: found }, saved) {
    if (stopAfter === 'nothing') await hang()
    await journal.begin({ registry: 'server', repository: name, tags: saved, digest: found, mediaType, bytes })
    if (stopAfter === 'kept') await hang()
  },
})
await hang()

async function hang(): Promise<void> {
  process.stdout.write('hanging\n')
  await new Promise(() => setInterval(() => {}, 1_000))
}
