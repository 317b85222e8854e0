import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { attach } from '../referrers/attach.ts'

/** A process of its own that attaches documents, one by one. Arguments: URL, repository, subject, prefix, count. */
const [url = '', name, subject, prefix = '', count = '0'] = process.argv.slice(2)
const repository = createHttpRegistry({ name: 'r', url }).repository(parseRepositoryName(name))
for (let n = 0; n < Number(count); n++) {
  const content = Buffer.from(`${prefix}${n}`)
  const { digest } = await attach(repository, parseDigest(subject), {
    artifactType: 'text/plain',
    blobs: [{ mediaType: 'text/plain', content }],
  })
  process.stdout.write(`${digest}\n`)
}
process.exit(0)
