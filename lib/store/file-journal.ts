import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from '../oci/descriptor.ts'
import { type Digest, isDigest, parseDigest } from '../oci/digest.ts'
import { FormatError } from '../oci/format-error.ts'
import { parseRepositoryName, parseTag, type Tag } from '../oci/reference.ts'
import type { ImageDeletionRecord } from '../registry/deletion-record.ts'
import type { DeletionEntry, DeletionJournal, DeletionRecord } from '../registry/registry.ts'
import { appendToFile, createFile, listFolder } from './durable-file.ts'

/** A tag that is about to point at something else. The rest of the record is what it points at now. */
export interface OverwriteRecord extends Omit<DeletionRecord, 'standIn'> {
  /** What it is to point at, where that is known beforehand. */
  readonly replacement: Digest | null
}

export type ChangeRecord = DeletionRecord | ImageDeletionRecord | OverwriteRecord

/** A change as the journal knows it. */
export interface JournalledChange {
  /** Names the entry inside its journal. */
  readonly id: string
  /** When it began; RFC 3339. */
  readonly began: string
  readonly record: ChangeRecord
  /** Every manifest that may have been put in the place of the original. */
  readonly standIns: readonly Digest[]
  /** Other tags that the registry took with the one that was to be deleted, and that are missing since. */
  readonly tookAlong: readonly Tag[]
  /** Absent while it runs, or when the process ended before it did. */
  readonly outcome?: string
  /** What the tag points at since, where one was overwritten. */
  readonly replacement?: Digest
}

/**
 * What changes take away, on disk before they do: one file each, one JSON document a line, every line flushed before the
 * next step is taken.
 */
export interface FileJournal extends DeletionJournal {
  begin(record: ChangeRecord): Promise<DeletionEntry & { readonly id: string }>
  /** Undefined when there is no such entry. */
  entry(id: string): Promise<JournalledChange | undefined>
  /** Every entry, oldest first. Files that aren't entries are passed over. */
  entries(): Promise<JournalledChange[]>
  /** Notes how an entry that was left open has ended. */
  close(id: string, outcome: string, replacement?: Digest): Promise<void>
  forget(id: string): Promise<void>
}

/** As `begin` makes them: nothing else names a file. */
const ID = /^[0-9TZ]+-[0-9a-f-]{36}$/

/** Keeps a journal of changes in `folder`, which is made where it is missing. Several processes may share it. */
export function openFileJournal(folder: string): FileJournal {
  const fileOf = (id: string) => join(folder, `${id}.jsonl`)
  return {
    async begin(record) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Folders that were made before this was a rule.
      await chmod(folder, 0o700)
      const began = new Date().toISOString()
      const id = `${began.replace(/[^0-9TZ]/g, '')}-${randomUUID()}`
      const bytes = Buffer.from(record.bytes).toString('base64')
      await createFile(fileOf(id), lineOf({ began, ...record, bytes }))
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
    close: (id, outcome, replacement) =>
      appendToFile(fileOf(id), `\n${lineOf({ end: outcome, ...(replacement && { replacement }) })}`),
    forget: (id) => rm(fileOf(id), { force: true }),
  }
}

function entryIn(file: string): DeletionEntry {
  return {
    step: (step, standIn) => appendToFile(file, lineOf({ step, ...(standIn && { standIn }) })),
    tookAlong: (tags) => appendToFile(file, lineOf({ tookAlong: tags })),
    end: (outcome) => appendToFile(file, lineOf({ end: outcome })),
  }
}

function lineOf(line: object): string {
  return `${JSON.stringify(line)}\n`
}

/** Undefined for what is no entry, or not there. */
async function readEntry(file: string, id: string): Promise<JournalledChange | undefined> {
  try {
    return parseEntry(id, await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof FormatError) return undefined
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function parseEntry(id: string, text: string): JournalledChange | undefined {
  const [first, ...rest] = text.split('\n').flatMap(parseLine)
  if (!first) return undefined
  const { registry, repository, digest, mediaType, bytes, began, standIn } = first
  if (typeof registry !== 'string' || typeof mediaType !== 'string' || typeof bytes !== 'string') return undefined
  const standIns = [standIn, ...rest.map((line) => line.standIn)].filter(isDigest)
  const end = rest.findLast((line) => typeof line.end === 'string')
  const outcome = end?.end
  const tookAlong = rest.findLast((line) => Array.isArray(line.tookAlong))?.tookAlong
  const manifest = {
    registry,
    repository: parseRepositoryName(repository),
    digest: parseDigest(digest),
    mediaType,
    bytes: Buffer.from(bytes, 'base64'),
  }
  return {
    id,
    began: String(began),
    record: recordOf(first, manifest, standIns[0]),
    standIns: [...new Set(standIns)],
    tookAlong: Array.isArray(tookAlong) ? tookAlong.map(parseTag) : [],
    ...(typeof outcome === 'string' && { outcome }),
    ...(isDigest(end?.replacement) && { replacement: end.replacement }),
  }
}

function recordOf(
  { tags, tag, replacement }: Record<string, unknown>,
  manifest: Omit<DeletionRecord, 'tag' | 'standIn'>,
  standIn: Digest | undefined,
): ChangeRecord {
  if (Array.isArray(tags)) return { ...manifest, tags: tags.map(parseTag) }
  if (replacement !== undefined)
    return { ...manifest, tag: parseTag(tag), replacement: isDigest(replacement) ? replacement : null }
  return { ...manifest, tag: parseTag(tag), ...(standIn && { standIn }) }
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
