import { copyImage } from '../../lib/image/copy.ts'
import { parseRepositoryName, parseTag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'

/** Copies one image in a process of its own, so that its memory can be told: `copy-once.ts <url> <repository:tag> <url> <repository:tag>`. */
const [fromUrl = '', from = '', toUrl = '', to = ''] = process.argv.slice(2)
const side = (url: string, name: string) => {
  const [repository, tag] = name.split(':')
  const registry = createHttpRegistry({ name: url, url })
  return { repository: registry.repository(parseRepositoryName(repository)), reference: parseTag(tag) }
}

const MIB = 1 << 20
// A small copy first: the code is loaded and the connections stand before the memory is looked at.
await copyImage(side(fromUrl, 'warm/up:1'), side(toUrl, 'warm/up:1'), {}).catch((error: unknown) =>
  console.error(String(error)),
)
const before = process.memoryUsage().rss
const started = performance.now()
await copyImage(side(fromUrl, from), side(toUrl, to))
console.log(
  JSON.stringify({ ms: performance.now() - started, grownMiB: process.resourceUsage().maxRSS / 1024 - before / MIB }),
)
process.exit()
