import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { loadArchive } from '../../lib/image/archive/load-archive.ts'
import { writeDockerArchive } from '../../lib/image/archive/write-archive.ts'
import { copyImage } from '../../lib/image/copy/copy.ts'
import { flatten } from '../../lib/image/flatten/flatten.ts'
import { parseRepositoryName, parseTag, type Tag } from '../../lib/oci/reference.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import type { Repository } from '../../lib/registry/registry.ts'

/** Does one thing in a process of its own, so that its memory can be told: `once.ts copy <url> big/image:1 <url> by/us:1`. */
const MIB = 1 << 20
const [verb = '', ...args] = process.argv.slice(2)

const VERBS: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  copy: ([fromUrl, from, toUrl, to]) => copyImage(side(fromUrl, from), side(toUrl, to)),
  archive: async ([url, name, path]) => {
    const { repository, reference } = side(url, name)
    await sink((await writeDockerArchive(repository, reference)).stream, path)
  },
  flatten: async ([url, name, path]) => {
    const { repository, reference } = side(url, name)
    await sink((await flatten(repository, reference)).stream, path)
  },
  load: ([url, name, path = '']) => {
    const { repository, reference } = side(url, name)
    return loadArchive(repository, createReadStream(path), { place: () => ({ repository, tag: reference }) })
  },
}

const work = VERBS[verb]
if (!work) throw new Error(`no verb ${verb}; there are ${Object.keys(VERBS).join(', ')}`)
const before = process.memoryUsage().rss
const started = performance.now()
await work(args)
const ms = performance.now() - started
console.log(JSON.stringify({ ms, grownMiB: (await peakMemory()) - before / MIB }))
process.exit()

function side(url = '', name = ''): { repository: Repository; reference: Tag } {
  const [repository, tag] = name.split(':')
  const registry = createHttpRegistry({ name: 'bench', url })
  return { repository: registry.repository(parseRepositoryName(repository)), reference: parseTag(tag) }
}

/** To a file, or nowhere: then only making the stream is measured. */
async function sink(stream: Readable, path: string | undefined): Promise<void> {
  if (path) return pipeline(stream, createWriteStream(path))
  stream.resume()
  await once(stream, 'end')
}

/** MiB of this process at its largest. The operating system's `maxRSS` of a child begins at its parent's, so the kernel's own figure is read. */
async function peakMemory(): Promise<number> {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
  if (!kibibytes) throw new Error('the kernel does not tell the peak memory of this process')
  return Number(kibibytes) / 1024
}
