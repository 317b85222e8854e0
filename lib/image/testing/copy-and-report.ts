import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { copyImage } from '../copy/copy.ts'

/** A process to be killed: copies one image. Arguments: URL of the source, URL of the destination, repository, tag. */
const [from = '', to = '', name, text] = process.argv.slice(2)
const at = (url: string) => ({
  repository: createHttpRegistry({ name: 'r', url }).repository(parseRepositoryName(name)),
  reference: parseTag(text),
})
await copyImage(at(from), at(to), { concurrency: 1 })
process.stdout.write('at end\n')
process.exit(0)
