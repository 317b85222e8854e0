import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { loadArchive } from '../../lib/image/archive/load-archive.ts'
import { writeDockerArchive } from '../../lib/image/archive/write-archive.ts'
import { copyImage } from '../../lib/image/copy/copy.ts'
import { flatten } from '../../lib/image/flatten/flatten.ts'
import { readImage } from '../../lib/image/inspect/image.ts'
import { parseRepositoryName, parseTag, type Tag } from '../../lib/oci/reference.ts'
import { freeWhatIsWritten } from '../../lib/registry/freed-pieces.ts'
import { createHttpRegistry } from '../../lib/registry/http/http-registry.ts'
import type { Repository } from '../../lib/registry/registry.ts'

/**
 * Does one thing in a process of its own, so that its memory can be measured: `once.ts copy <url> big/image:1 <url> by/us:1`.
 * With `--warm small/image:1` it does the same with that image first, as a server has been running for long.
 */
const MIB = 1 << 20
const { values, positionals } = parseArgs({ allowPositionals: true, options: { warm: { type: 'string' } } })
const [verb = '', ...args] = positionals

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
  inspect: ([url, name]) => {
    const { repository, reference } = side(url, name)
    return readImage(repository, reference)
  },
  load: ([url, name, path = '']) => {
    const { repository, reference } = side(url, name)
    return loadArchive(repository, createReadStream(path), { place: () => ({ repository, tag: reference }) })
  },
}

const work = VERBS[verb]
if (!work) throw new Error(`no verb ${verb}; there are ${Object.keys(VERBS).join(', ')}`)
if (values.warm) await warmUp(values.warm, work)
const before = process.memoryUsage().rss
const processor = process.cpuUsage()
const started = performance.now()
await work(args)
const ms = performance.now() - started
const { user, system } = process.cpuUsage(processor)
const processorMs = (user + system) / 1_000
console.log(JSON.stringify({ ms, processorMs, grownMiB: (await peakMemory()) - before / MIB }))
process.exit()

/** Each time with new connections, as the work itself. */
async function warmUp(image: string, work: (args: readonly string[]) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < 5; n++) await work(args.with(1, image).map((arg, at) => (at === 3 ? `warm/${n}:1` : arg)))
}

function side(url = '', name = ''): { repository: Repository; reference: Tag } {
  const [repository, tag] = name.split(':')
  const registry = createHttpRegistry({ name: 'bench', url })
  return { repository: registry.repository(parseRepositoryName(repository)), reference: parseTag(tag) }
}

/** To a file, as a download is sent to a socket; or nowhere: then only making the stream is measured. */
async function sink(stream: Readable, path: string | undefined): Promise<void> {
  if (path) {
    const file = createWriteStream(path, { highWaterMark: MIB })
    freeWhatIsWritten(file)
    return pipeline(stream, file)
  }
  stream.resume()
  await once(stream, 'end')
}

/** MiB of this process at its largest. The operating system's `maxRSS` of a child begins at its parent's, so the kernel's own figure is read. */
async function peakMemory(): Promise<number> {
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1]
  if (!kibibytes) throw new Error('the kernel does not tell the peak memory of this process')
  return Number(kibibytes) / 1024
}
