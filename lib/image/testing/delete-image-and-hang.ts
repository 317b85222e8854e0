import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { deleteImage } from '../delete.ts'
import { openFileJournal } from '../file-journal.ts'

/**
 * A process to be killed: deletes one image with its tags, each kept in the journal before. Arguments: URL, repository,
 * tags separated by commas, digest, journal folder, after how many entries it stops for ever.
 */
const [url = '', repository = '', tags = '', digest, folder = '', stopAfter] = process.argv.slice(2)
const journal = openFileJournal(folder)
const name = parseRepositoryName(repository)

await deleteImage(createHttpRegistry({ name: 'server', url }).repository(name), parseDigest(digest), {
  expectTags: tags.split(',').map(parseTag),
  async save({ mediaType, bytes, digest: found }, saved) {
    let kept = 0
    for (const tag of saved) {
      if (String(kept) === stopAfter) await hang()
      await journal.begin({
        scope: 'image',
        registry: 'server',
        repository: name,
        tag,
        digest: found,
        mediaType,
        bytes,
      })
      kept++
    }
    if (String(kept) === stopAfter) await hang()
  },
})
await hang()

async function hang(): Promise<void> {
  process.stdout.write('hanging\n')
  await new Promise(() => setInterval(() => {}, 1_000))
}
