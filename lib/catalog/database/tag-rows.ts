import { versionKey } from '../../oci/version-key.ts'
import type { Cell } from '../../store/store-dialect.ts'

/** A tag as a registry has just shown it. */
export interface TagSighting {
  readonly tag: string
  /** Of a manifest that `recordManifests` knows. Absent: the tag is listed, and has not been read. */
  readonly digest?: string
  /** When the registry was asked, or had it written; milliseconds since the epoch. Default: when the others were. */
  readonly askedAt?: number
  /** The list of tags has it. */
  readonly isListed?: boolean
  /** Why it could not be read, as a stable code. */
  readonly problem?: string
  /** The same in full, as `storedError` has it. */
  readonly error?: string
}

/** The source of the data, and the actor if known. */
export interface Learnt {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly how: 'change' | 'notification' | 'sync'
  readonly actor?: string
  /** After changes of Lading's own, by tag who has made them. What else is found beside them is anybody's. */
  readonly authors?: Pick<ReadonlyMap<string, string | undefined>, 'has' | 'get'>
}

/** What the catalog knows of a tag. */
export interface KnownTag {
  readonly id: number
  readonly repository_id: number
  readonly name: string
  readonly manifest_id: number | null
  readonly first_seen: number
  readonly checked_at: number | null
  readonly moved_at: number
  readonly created: number
  readonly size: number
  readonly generation: number
  readonly known: number
  readonly error: string | null
  readonly attached: number | null
  readonly listed: number
}

/** What it knows of the manifest that a tag points at now. */
export interface SeenManifest {
  readonly id: number
  readonly digest: string
  readonly created: number | null
  readonly size: number | null
  readonly has_summary: number | boolean
}

/** A tag as it was just seen, beside what was known of it. */
interface FoundTag {
  readonly sighting: TagSighting
  readonly before: KnownTag | undefined
  readonly manifest: SeenManifest | undefined
  readonly hasMoved: boolean
  readonly hasAppeared: boolean
}

/** What has become of a tag since it was seen before. */
export function compare(
  sighting: TagSighting,
  before: KnownTag | undefined,
  manifests: ReadonlyMap<string, SeenManifest>,
): FoundTag {
  const manifest = sighting.digest === undefined ? undefined : manifests.get(sighting.digest)
  const wasRead = before?.manifest_id !== null && before?.manifest_id !== undefined
  return {
    sighting,
    before,
    manifest,
    hasMoved: manifest !== undefined && wasRead && before.manifest_id !== manifest.id,
    hasAppeared: !before || (!wasRead && manifest !== undefined),
  }
}

/**
 * Whether the tag was read again after the registry was asked for this: it may have changed in between, and what it
 * pointed at then is out of date. A reading dated in the future, from before a clock was set back, proves nothing.
 */
export function isOvertaken(
  askedAt: number | undefined,
  before: Pick<KnownTag, 'checked_at'> | undefined,
  now: number,
): boolean {
  const checkedAt = before?.checked_at ?? null
  return askedAt !== undefined && checkedAt !== null && askedAt < checkedAt && checkedAt <= now
}

interface LookContext {
  readonly repository: number
  readonly generation: number
  /** When the repository was looked at before. */
  readonly lookedAt: number | null
  readonly at: number
}

/** How a change became known, and who made it. */
export type Source = readonly [how: Learnt['how'], actor: string | null]

/** In the order of `TAG`. */
export function tagRow(
  { sighting: { tag, askedAt, isListed, problem, error }, before, manifest, hasMoved, hasAppeared }: FoundTag,
  { repository, generation, at }: LookContext,
  [how]: Source,
): Cell[] {
  const wasAsked = manifest !== undefined || error !== undefined
  // The time at which a newly seen tag was moved is unknown, unless it was our own change or a notification.
  const movedAt = hasMoved || (hasAppeared && how !== 'sync') ? at : (before?.moved_at ?? -1)
  return [
    repository,
    tag,
    manifest?.id ?? before?.manifest_id ?? null,
    before?.first_seen ?? at,
    wasAsked ? Math.max(askedAt ?? at, before?.checked_at ?? 0) : (before?.checked_at ?? null),
    movedAt,
    manifest?.created ?? before?.created ?? -1,
    manifest?.size ?? before?.size ?? -1,
    problem ?? null,
    wasAsked ? generation : (before?.generation ?? 0),
    manifest ? (manifest.has_summary ? 1 : 0) : error !== undefined ? 1 : (before?.known ?? 0),
    versionKey(tag).key,
    error ?? (manifest ? null : (before?.error ?? null)),
    // Attachments of the old image aren't those of the new one.
    hasMoved ? null : (before?.attached ?? null),
    isListed ? 1 : (before?.listed ?? 0),
  ]
}

/** In the order of `EVENT`. */
export function eventRow(
  { sighting: { tag }, before, hasMoved }: FoundTag,
  manifest: SeenManifest,
  { repository, lookedAt, at }: LookContext,
  [how, actor]: Source,
): Cell[] {
  return [
    repository,
    tag,
    hasMoved ? 'moved' : how === 'sync' && lookedAt === null ? 'seen' : 'appeared',
    hasMoved ? (before?.manifest_id ?? null) : null,
    manifest.id,
    at,
    how,
    actor,
    // It can't have happened before the last time the tag was read unchanged.
    hasMoved ? (before?.checked_at ?? null) : lookedAt,
  ]
}

export const TAG = {
  repository_id: 'int',
  name: 'text',
  manifest_id: 'int',
  first_seen: 'bigint',
  checked_at: 'bigint',
  moved_at: 'bigint',
  created: 'bigint',
  size: 'bigint',
  problem: 'text',
  generation: 'int',
  known: 'int',
  version_key: 'text',
  error: 'text',
  attached: 'int',
  listed: 'int',
} as const

export const EVENT = {
  repository_id: 'int',
  tag: 'text',
  kind: 'text',
  from_manifest_id: 'int',
  to_manifest_id: 'int',
  at: 'bigint',
  how: 'text',
  actor: 'text',
  since: 'bigint',
} as const
