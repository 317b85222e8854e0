import { Readable } from 'node:stream'
import { algorithmOf, type Digest, isDigest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { FormatError } from '../../oci/format-error.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type Compression, compressionOf } from '../tar/decompress.ts'
import type { TarFile } from '../tar/read-tar.ts'
import { cleanPath, decodeName } from '../tar/tar-entry.ts'

/** A stored file, and its compression. */
export interface StoredFile {
  readonly digest: Digest
  readonly size: number
  readonly compression: Compression
}

/** Files that are read here; everything else that is not small JSON is content. */
const DOCUMENT = /(?:^|\/)(?:index\.json|manifest\.json|oci-layout|repositories|VERSION|json|[0-9a-f]{64}\.json)$/
const BLOB = /^(.*\/)?blobs\/(sha256|sha512)\/([0-9a-f]+)$/

export interface ArchiveLimits {
  /** Links and folders count too. Default 100,000. */
  readonly maxFiles?: number
  /** Bytes of the documents, which are kept in memory until the end, together. Default 32 MiB: thousands of images. */
  readonly maxDocuments?: number
}

/**
 * Takes the files of an archive one after the other, in any order: content goes straight to the repository, only
 * documents are kept.
 */
export class ArchiveIntake {
  readonly #documents = new Map<string, Uint8Array>()
  readonly manifests = new Map<Digest, Manifest>()
  readonly #files = new Map<string, StoredFile>()
  readonly #links = new Map<string, string>()
  /** The names of the folders that all files so far are in. */
  #around: readonly string[] | undefined
  #repository: Repository
  #options: CallOptions
  #maxFiles: number
  #maxDocuments: number
  #entries = 0
  #kept = 0

  constructor(repository: Repository, options: CallOptions & ArchiveLimits) {
    const { signal, maxFiles = 100_000, maxDocuments = 32 * 1024 * 1024 } = options
    this.#repository = repository
    this.#options = { signal }
    this.#maxFiles = maxFiles
    this.#maxDocuments = maxDocuments
  }

  async accept({ entry, body }: TarFile): Promise<void> {
    const most = this.#maxFiles
    if (++this.#entries > most) throw new FormatError('archive', this.#entries, `at most ${most} files`)
    const path = cleanPath(decodeName(entry.path))
    const isLink = entry.type === 'symlink' || entry.type === 'hardlink'
    if (isLink || entry.type === 'file') this.#around = shared(this.#around, path)
    if (isLink) {
      const folder = entry.type === 'symlink' ? path.slice(0, path.lastIndexOf('/') + 1) : ''
      this.#links.set(path, cleanPath(`${folder}${decodeName(entry.linkPath)}`))
      return
    }
    if (entry.type !== 'file') return
    const [, folder, algorithm, hex] = BLOB.exec(path) ?? []
    const named = algorithm && `${algorithm}:${hex}`
    const digest = isDigest(named) ? named : undefined
    if (named && !digest && !folder) throw new FormatError('archive', path, 'blobs named by their digest')
    if (!digest && DOCUMENT.test(path)) this.#documents.set(path, this.keep(await readAll(body, entry.size)))
    else await this.#store(path, digest, entry.size, body)
  }

  /** A document by its name in the folder that the archive packs: most pack none. Once all files have been taken. */
  document(path: string): Uint8Array | undefined {
    return this.#documents.get(this.#inside(path))
  }

  documentNames(): string[] {
    return [...this.#documents.keys()]
  }

  /** The target of a name in the folder that the archive packs, following links. */
  file(path: string): StoredFile | undefined {
    let at = this.#inside(path)
    for (let hops = 0; hops < 8; hops++) {
      const found = this.#files.get(at)
      if (found) return found
      const next = this.#links.get(at)
      if (next === undefined) return undefined
      at = next
    }
    return undefined
  }

  #inside(path: string): string {
    return [...(this.#around ?? []), cleanPath(path)].join('/')
  }

  async #store(path: string, digest: Digest | undefined, size: number, body: AsyncIterable<Uint8Array>): Promise<void> {
    const { head, rest } = await splitHead(body)
    if (digest && size <= MAX_DOCUMENT_BYTES && head[0] === 0x7b) {
      const bytes = await readAll(rest, size)
      const manifest = readManifest(bytes, digest)
      if (manifest) {
        this.keep(bytes)
        this.manifests.set(digest, manifest)
        return
      }
      const stored = await this.#put(Readable.from([bytes], { objectMode: false }), digest, size)
      this.#files.set(path, { ...stored, compression: 'none' })
      return
    }
    const compression = compressionOf(head)
    const present = digest && (await this.#repository.statBlob(digest, this.#options))
    // The reader skips anything not taken.
    const stored =
      digest && present?.size === size
        ? { digest, size }
        : await this.#put(Readable.from(rest, { objectMode: false }), digest, size)
    this.#files.set(path, { ...stored, compression })
  }

  async #put(content: Readable, digest: Digest | undefined, size: number) {
    try {
      return await this.#repository.putBlob(content, { ...this.#options, size, ...(digest && { digest }) })
    } finally {
      content.destroy()
    }
  }

  /** Counts the bytes that stay in memory until the end. @throws RegistryError `too-large` */
  keep(bytes: Uint8Array): Uint8Array {
    this.#kept += bytes.byteLength
    if (this.#kept <= this.#maxDocuments) return bytes
    throw new RegistryError('too-large', `the archive's documents have more than ${this.#maxDocuments} bytes together`)
  }
}

/** The folders that both are in. What macOS adds beside a folder, as `._image`, is left out of account. */
function shared(around: readonly string[] | undefined, path: string): readonly string[] | undefined {
  const folders = path.split('/')
  if (folders.pop()?.startsWith('._')) return around
  if (!around) return folders
  const end = around.findIndex((folder, at) => folder !== folders[at])
  return end < 0 ? around : around.slice(0, end)
}

/** @throws RegistryError `digest-mismatch`; undefined for JSON that isn't a manifest */
function readManifest(bytes: Uint8Array, digest: Digest): Manifest | undefined {
  const found = digestOf(bytes, algorithmOf(digest))
  if (found !== digest)
    throw new RegistryError('digest-mismatch', `the archive has the content of ${found} under ${digest}`, {
      expected: digest,
      found,
    })
  try {
    const manifest = parseManifest(bytes, { digest })
    return manifest.kind === 'unknown' || manifest.kind === 'schema1' ? undefined : manifest
  } catch (error) {
    if (error instanceof FormatError) return undefined
    throw error
  }
}

async function splitHead(
  body: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  for (let size = 0; size < 4; ) {
    const next = await iterator.next()
    if (next.done) break
    chunks.push(next.value)
    size += next.value.byteLength
  }
  async function* rest() {
    yield* chunks
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  }
  return { head: Buffer.concat(chunks), rest: rest() }
}

async function readAll(body: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  if (size > MAX_DOCUMENT_BYTES)
    throw new RegistryError('too-large', `a document of ${size} bytes is over the limit of ${MAX_DOCUMENT_BYTES}`)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
