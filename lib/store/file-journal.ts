import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '../oci/descriptor.ts'
import { type Digest, isDigest, parseDigest } from '../oci/digest.ts'
import { FormatError } from '../oci/format-error.ts'
import { parseRepositoryName, parseTag, type Tag } from '../oci/reference.ts'
import type { ImageDeletionRecord } from '../registry/deletion-record.ts'
import type { DeletionEntry, DeletionJournal, DeletionRecord } from '../registry/registry.ts'

/** A deletion as the journal knows it. */
export interface JournalledDeletion {
  /** Names the entry inside its journal. */
  readonly id: string
  /** When it began; RFC 3339. */
  readonly began: string
  readonly record: DeletionRecord | ImageDeletionRecord
  /** Every manifest that may have been put in the place of the original. */
  readonly standIns: readonly Digest[]
  /** Other tags that the registry took with the one that was to be deleted, and that are missing since. */
  readonly tookAlong: readonly Tag[]
  /** Absent while it runs, or when the process ended before it did. */
  readonly outcome?: string
}

/** Deletions on disk: one file each, one JSON document a line, every line flushed before the next step is taken. */
export interface FileJournal extends DeletionJournal {
  begin(record: DeletionRecord | ImageDeletionRecord): Promise<DeletionEntry & { readonly id: string }>
  /** Undefined when there is no such entry. */
  entry(id: string): Promise<JournalledDeletion | undefined>
  /** Every entry, oldest first. Files that are no entries are passed over. */
  entries(): Promise<JournalledDeletion[]>
  /** Notes how an entry that was left open has ended. */
  close(id: string, outcome: string): Promise<void>
  forget(id: string): Promise<void>
}

/** As `begin` makes them: whatever else is asked for names no file. */
const ID = /^[0-9TZ]+-[0-9a-f-]{36}$/

/** Keeps a journal of deletions in `folder`, which is made where it is missing. Several processes may share it. */
export function openFileJournal(folder: string): FileJournal {
  const fileOf = (id: string) => join(folder, `${id}.jsonl`)
  return {
    async begin(record) {
      await mkdir(folder, { recursive: true })
      const began = new Date().toISOString()
      const id = `${began.replace(/[^0-9TZ]/g, '')}-${randomUUID()}`
      const bytes = Buffer.from(record.bytes).toString('base64')
      await append(fileOf(id), { began, ...record, bytes }, 'wx')
      await flushFolder(folder)
      return { id, ...entryIn(fileOf(id)) }
    },
    entry: (id) => (ID.test(id) ? readEntry(fileOf(id), id) : Promise.resolve(undefined)),
    async entries() {
      const names = (await listFolder(folder)).filter((name) => name.endsWith('.jsonl')).sort()
      const entries = await Promise.all(
        names.map((name) => readEntry(join(folder, name), name.slice(0, -'.jsonl'.length))),
      )
      return entries.filter((entry) => entry !== undefined)
    },
    // Begins a new line, as the last one may have been cut off.
    close: (id, outcome) => append(fileOf(id), { end: outcome }, 'a', '\n'),
    forget: (id) => rm(fileOf(id), { force: true }),
  }
}

function entryIn(file: string): DeletionEntry {
  return {
    step: (step, standIn) => append(file, { step, ...(standIn && { standIn }) }, 'a'),
    tookAlong: (tags) => append(file, { tookAlong: tags }, 'a'),
    end: (outcome) => append(file, { end: outcome }, 'a'),
  }
}

async function append(file: string, line: object, flags: 'wx' | 'a', before = ''): Promise<void> {
  const handle = await open(file, flags, 0o600)
  try {
    await handle.writeFile(`${before}${JSON.stringify(line)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A new file survives a power cut only once its folder is flushed too. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Undefined for what is no entry, or not there. */
async function readEntry(file: string, id: string): Promise<JournalledDeletion | undefined> {
  try {
    return parseEntry(id, await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof FormatError) return undefined
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parseEntry(id: string, text: string): JournalledDeletion | undefined {
  const [first, ...rest] = text.split('\n').flatMap(parseLine)
  if (!first) return undefined
  const { registry, repository, tag, digest, mediaType, bytes, began, tags, standIn } = first
  if (typeof registry !== 'string' || typeof mediaType !== 'string' || typeof bytes !== 'string') return undefined
  const standIns = [standIn, ...rest.map((line) => line.standIn)].filter(isDigest)
  const outcome = rest.findLast((line) => typeof line.end === 'string')?.end
  const tookAlong = rest.findLast((line) => Array.isArray(line.tookAlong))?.tookAlong
  const manifest = {
    registry,
    repository: parseRepositoryName(repository),
    digest: parseDigest(digest),
    mediaType,
    bytes: Buffer.from(bytes, 'base64'),
  }
  const record = Array.isArray(tags)
    ? { ...manifest, tags: tags.map(parseTag) }
    : { ...manifest, tag: parseTag(tag), ...(standIns[0] && { standIn: standIns[0] }) }
  return {
    id,
    began: String(began),
    record,
    standIns: [...new Set(standIns)],
    tookAlong: Array.isArray(tookAlong) ? tookAlong.map(parseTag) : [],
    ...(typeof outcome === 'string' && { outcome }),
  }
}

/** A line that a crash cut off is not there. */
function parseLine(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) ? [value] : []
  } catch {
    return []
  }
}
