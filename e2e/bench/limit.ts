import { Agent, request } from 'undici'
import { z } from 'zod'
import { sha256 } from '../../lib/testing/servers/images.ts'
import { FEW, MANY } from './seed.ts'

/**
 * The limit: a client that knows in advance what it will find and sends only the requests that the answer needs,
 * 16 at a time. It parses what it must to know the next request, verifies nothing and keeps nothing.
 */
const CONCURRENCY = 16
const agent = new Agent({ connections: CONCURRENCY, pipelining: 1, keepAliveTimeout: 60_000 })
const ACCEPT = 'application/vnd.oci.image.manifest.v1+json'
const CATALOG = z.object({ repositories: z.array(z.string()) })
const TAG_LIST = z.object({ tags: z.array(z.string()) })
const MANIFEST = z.object({ config: z.object({ digest: z.string() }) })

export class Limit {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async catalog(): Promise<void> {
    await this.#get('/v2/_catalog?n=10000')
  }

  /** The tags of every repository, a HEAD for each, and each distinct manifest with its config. */
  async crawl(): Promise<void> {
    const { repositories } = CATALOG.parse(JSON.parse((await this.#get('/v2/_catalog?n=10000')).toString()))
    const seen = new Set<string>()
    await inLanes(repositories, async (repository) => {
      const { tags } = TAG_LIST.parse(JSON.parse((await this.#get(`/v2/${repository}/tags/list`)).toString()))
      for (const tag of tags) {
        const digest = await this.#head(`/v2/${repository}/manifests/${tag}`)
        if (seen.has(digest)) continue
        seen.add(digest)
        await this.#get(`/v2/${repository}/blobs/${configOf(await this.#get(`/v2/${repository}/manifests/${digest}`))}`)
      }
    })
  }

  /** `tags/list`, and a HEAD for each tag: what is on them is known. */
  async heads(count: number): Promise<void> {
    const { tags } = TAG_LIST.parse(JSON.parse((await this.#get(`/v2/${MANY}/tags/list`)).toString()))
    await inLanes(tags.sort().slice(0, count), async (tag) => {
      await this.#head(`/v2/${MANY}/manifests/${tag}`)
    })
  }

  /** `tags/list`, each tag's manifest, each distinct config. */
  async tags(count: number): Promise<void> {
    const { tags } = TAG_LIST.parse(JSON.parse((await this.#get(`/v2/${MANY}/tags/list`)).toString()))
    const wanted = tags.sort().slice(0, count)
    const configs = new Set<string>()
    await inLanes(wanted, async (tag) => {
      const digest = configOf(await this.#get(`/v2/${MANY}/manifests/${tag}`))
      if (configs.has(digest)) return
      configs.add(digest)
      await this.#get(`/v2/${MANY}/blobs/${digest}`)
    })
  }

  /** `tags/list`, each tag's digest, one manifest. */
  async preview(tag: string): Promise<void> {
    const { tags } = TAG_LIST.parse(JSON.parse((await this.#get(`/v2/${MANY}/tags/list`)).toString()))
    await inLanes(tags, async (each) => void (await this.#head(`/v2/${MANY}/manifests/${each}`)))
    await this.#get(`/v2/${MANY}/manifests/${tag}`)
  }

  async manifest(tag: string): Promise<void> {
    await this.#get(`/v2/${MANY}/blobs/${configOf(await this.#get(`/v2/${MANY}/manifests/${tag}`))}`)
  }

  /** The manifest at the source, put under another tag. */
  async retag(from: string, to: string): Promise<void> {
    await this.putTag(FEW, to, await this.#get(`/v2/${FEW}/manifests/${from}`))
  }

  /** A placeholder over the tag, then its deletion: what one tag costs where only digests can be deleted. */
  async deleteTag(repository: string, tag: string, original: Buffer, nonce: number): Promise<void> {
    const placeholder = Buffer.concat([
      original,
      Buffer.from(nonce.toString(2).replaceAll('0', ' ').replaceAll('1', '\t')),
    ])
    await this.putTag(repository, tag, placeholder)
    await this.#call('DELETE', `/v2/${repository}/manifests/${sha256(placeholder)}`)
  }

  async putTag(repository: string, tag: string, bytes: Buffer): Promise<void> {
    await this.#call('PUT', `/v2/${repository}/manifests/${tag}`, bytes)
  }

  manifestBytes(repository: string, tag: string): Promise<Buffer> {
    return this.#get(`/v2/${repository}/manifests/${tag}`)
  }

  #get(path: string): Promise<Buffer> {
    return this.#call('GET', path)
  }

  async #head(path: string): Promise<string> {
    const { statusCode, headers, body } = await request(this.#url + path, {
      method: 'HEAD',
      // undici ends the connection after a HEAD otherwise.
      reset: false,
      headers: { accept: ACCEPT },
      dispatcher: agent,
    })
    await body.dump()
    if (statusCode !== 200) throw new Error(`HEAD ${path}: ${statusCode}`)
    return String(headers['docker-content-digest'])
  }

  async #call(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: Buffer): Promise<Buffer> {
    const headers = { accept: ACCEPT, ...(body && { 'content-type': ACCEPT }) }
    const response = await request(this.#url + path, { method, headers, body, dispatcher: agent })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${bytes}`)
    return bytes
  }
}

function configOf(bytes: Buffer): string {
  return MANIFEST.parse(JSON.parse(bytes.toString())).config.digest
}

export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}
