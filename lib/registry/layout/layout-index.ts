import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import { RegistryError } from '../errors.ts'
import { fileError } from './file-error.ts'
import { type IndexEntry, isPushed, makeEntry, type Pointer, readEntries } from './index-entry.ts'

const MAX_INDEX_BYTES = 64 * 1024 * 1024

/** The content of `index.json` at one moment. */
export interface LayoutIndex {
  readonly entries: readonly IndexEntry[]
  /** By repository: its tags, and every manifest that an entry names. */
  readonly repositories: ReadonlyMap<RepositoryName, RepositoryIndex>
  /** Entries Lading cannot read, and the fields around them: written back as they were. */
  readonly foreign: readonly unknown[]
  readonly document: Readonly<Record<string, unknown>>
}

export interface RepositoryIndex {
  readonly tags: ReadonlyMap<Tag, IndexEntry>
  readonly manifests: ReadonlyMap<Digest, IndexEntry>
}

/**
 * Reads `index.json`, at most 64 MiB. Tools that write it in place can be caught halfway: a malformed file is read
 * again. Throws `unreachable`, `malformed`, `too-large`, `denied`.
 */
export async function readLayoutIndex(
  layout: string,
  home: RepositoryName,
): Promise<{ index: LayoutIndex; stamp: string; settled: boolean }> {
  for (let attempt = 0; ; attempt++) {
    const { text, stamp, settled } = await readText(layout)
    try {
      return { index: parseLayoutIndex(text, home), stamp, settled }
    } catch (cause) {
      if (attempt < 3) await sleep(20 * (attempt + 1))
      else {
        const message = `${join(layout, 'index.json')} isn’t an OCI image index: repair it, or create the layout again`
        throw new RegistryError('malformed', message, { host: layout }, { cause })
      }
    }
  }
}

function parseLayoutIndex(text: string, home: RepositoryName): LayoutIndex {
  const document: unknown = JSON.parse(text)
  if (!isRecord(document)) throw new TypeError('not a JSON object')
  const manifests = document.manifests ?? []
  if (!Array.isArray(manifests)) throw new TypeError('manifests is not an array')
  const entries = readEntries(manifests, home)
  return makeLayoutIndex(
    entries.filter((entry) => entry !== undefined),
    manifests.filter((_, position) => entries[position] === undefined),
    document,
  )
}

function makeLayoutIndex(
  entries: readonly IndexEntry[],
  foreign: readonly unknown[],
  document: LayoutIndex['document'],
): LayoutIndex {
  const repositories = new Map<RepositoryName, { tags: Map<Tag, IndexEntry>; manifests: Map<Digest, IndexEntry> }>()
  for (const entry of entries) {
    const repository = repositories.get(entry.repository) ?? { tags: new Map(), manifests: new Map() }
    repositories.set(entry.repository, repository)
    if (entry.tag) repository.tags.set(entry.tag, entry)
    const known = repository.manifests.get(entry.descriptor.digest)
    // An entry from another tool takes precedence over the same one pushed.
    if (!known || (isPushed(known) && !isPushed(entry))) repository.manifests.set(entry.descriptor.digest, entry)
  }
  return { entries, repositories, foreign, document }
}

export function formatLayoutIndex(index: LayoutIndex): string {
  const manifests = [...index.entries.map((entry) => entry.raw), ...index.foreign]
  return `${JSON.stringify({ schemaVersion: 2, ...index.document, manifests })}\n`
}

/**
 * What identifies one state of the file. Writers that rename change the inode; writers in place, the time or the size.
 */
export async function stampOf(layout: string): Promise<{ stamp: string; settled: boolean }> {
  const file = await openIndex(layout)
  try {
    return await stampOfFile(file)
  } finally {
    await file.close()
  }
}

async function stampOfFile(file: Awaited<ReturnType<typeof open>>) {
  const { mtimeNs, size, ino, mtimeMs } = await file.stat({ bigint: true })
  // Two writes within one tick of the file system's clock look alike: only an older time is proof of no change.
  return { stamp: `${mtimeNs} ${size} ${ino}`, size: Number(size), settled: Date.now() - Number(mtimeMs) > 100 }
}

async function readText(layout: string): Promise<{ text: string; stamp: string; settled: boolean }> {
  const file = await openIndex(layout)
  try {
    const { stamp, size, settled } = await stampOfFile(file)
    if (size > MAX_INDEX_BYTES)
      throw new RegistryError('too-large', `index.json has ${size} bytes, more than the limit of ${MAX_INDEX_BYTES}`, {
        host: layout,
      })
    return { text: await file.readFile('utf8'), stamp, settled }
  } catch (error) {
    throw fileError(error, 'reading index.json', layout)
  } finally {
    await file.close()
  }
}

async function openIndex(layout: string) {
  try {
    return await open(join(layout, 'index.json'), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw fileError(error, 'reading index.json of the OCI layout', layout)
  }
}

/** A change to an index, made on a copy: nothing is seen of it until the file has been replaced. */
export class IndexDraft {
  readonly home: RepositoryName
  #base: LayoutIndex
  #entries: IndexEntry[]
  #changed = false

  constructor(base: LayoutIndex, home: RepositoryName) {
    this.home = home
    this.#base = base
    this.#entries = [...base.entries]
  }

  get changed(): boolean {
    return this.#changed
  }

  tag(repository: RepositoryName, tag: Tag): IndexEntry | undefined {
    return this.#entries.find((entry) => entry.repository === repository && entry.tag === tag)
  }

  tagsOf(repository: RepositoryName, digest: Digest): Tag[] {
    return this.#of(repository, digest).flatMap((entry) => entry.tag ?? [])
  }

  has(repository: RepositoryName, digest: Digest): boolean {
    return this.#of(repository, digest).length > 0
  }

  /** The tag's previous manifest stays a member of the repository. */
  setTag(repository: RepositoryName, tag: Tag, to: Pointer): void {
    this.removeTag(repository, tag)
    this.#remove((entry) => isMember(entry, repository, to.descriptor.digest))
    this.#add(makeEntry(repository, tag, to, this.home))
  }

  removeTag(repository: RepositoryName, tag: Tag): void {
    const removed = this.#remove((entry) => entry.repository === repository && entry.tag === tag)
    for (const entry of removed) this.addMember(repository, entry)
  }

  addMember(repository: RepositoryName, pointer: Pointer): void {
    if (!this.has(repository, pointer.descriptor.digest))
      this.#add(makeEntry(repository, undefined, pointer, this.home))
  }

  removeManifest(repository: RepositoryName, digest: Digest): void {
    this.#remove((entry) => entry.repository === repository && entry.descriptor.digest === digest)
  }

  result(): LayoutIndex {
    return makeLayoutIndex(this.#entries, this.#base.foreign, this.#base.document)
  }

  #of(repository: RepositoryName, digest: Digest): IndexEntry[] {
    return this.#entries.filter((entry) => entry.repository === repository && entry.descriptor.digest === digest)
  }

  #add(entry: IndexEntry): void {
    this.#entries.push(entry)
    this.#changed = true
  }

  #remove(matches: (entry: IndexEntry) => boolean): IndexEntry[] {
    const removed = this.#entries.filter(matches)
    if (removed.length > 0) {
      this.#entries = this.#entries.filter((entry) => !matches(entry))
      this.#changed = true
    }
    return removed
  }
}

function isMember(entry: IndexEntry, repository: RepositoryName, digest: Digest): boolean {
  return entry.repository === repository && entry.tag === undefined && entry.descriptor.digest === digest
}
