import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import { type Gate, mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readTogether } from '../../store/read-together.ts'
import type { Store } from '../../store/store.ts'
import { readManifestFacts } from '../database/read-manifest-facts.ts'
import { recordManifests, wholeManifests } from '../database/record-manifests.ts'
import { recordTags } from '../database/record-tags.ts'
import { repositoryStates } from '../database/repository-state.ts'
import { recordUnmoved, type SettledTag, settledTags } from '../database/settled-tags.ts'
import type { Learnt, TagSighting } from '../database/tag-rows.ts'
import { placeOf } from '../read-through/place-of.ts'

export interface LookOptions extends CallOptions {
  /** Requests to the registry at a time. */
  readonly limit: number
  /** Shared with what looks at other repositories, which bounds all of them together. */
  readonly gate?: Gate
  /** Of the repository, where the catalog's is known. */
  readonly id?: number
  /** The tags were just looked at, and have moved meanwhile. */
  readonly isAgain?: boolean
  /** The tags are of the first list of their repository, which is recorded when all of them are. */
  readonly areFirstListed?: boolean
  /** The registry no longer lists them: they are likely gone, which a GET alone proves. */
  readonly areUnlisted?: boolean
}

export interface Looked {
  /** Tags that the registry has no manifest for, proven by a GET. */
  readonly missing: readonly Tag[]
  /** Tags and manifests that can't be read, or not whole. */
  readonly problems: number
}

/**
 * Records where tags point now: a HEAD for each, and a GET for digests that aren't known whole. Unreadable manifests
 * are recorded as a problem of the tag; an outage or a refusal isn't about any tag and aborts.
 * @throws RegistryError, StoreError
 */
export async function syncTags(
  store: Store,
  repository: Repository,
  tags: readonly Tag[],
  learnt: Learnt,
  options: LookOptions,
): Promise<Looked> {
  if (tags.length === 0) return { missing: [], problems: 0 }
  const { limit, gate = unbounded, areFirstListed, areUnlisted, signal } = options
  const call = signal ? { signal } : {}
  const place = placeOf(repository)
  const look = areUnlisted ? get : resolve
  const [before, seen] = await Promise.all([
    settled(store, repository, tags, options.id),
    mapConcurrent(tags, (tag) => gate(async () => ({ askedAt: Date.now(), ...(await look(repository, tag, call)) })), {
      limit,
      ...call,
    }),
  ])
  const unmoved = seen.flatMap(({ tag, digest }) => {
    const known = before.get(tag)
    return known && known.digest === digest ? [known] : []
  })
  if (unmoved.length > 0) await recordUnmoved(store, unmoved, learnt.at)
  const isUnmoved = new Set<string>(unmoved.map(({ tag }) => tag))
  const resolved = seen.filter(({ tag }) => !isUnmoved.has(tag))
  if (resolved.length === 0) return { missing: [], problems: 0 }
  const whole = await wholeManifests(store, [...new Set(resolved.flatMap(({ digest }) => digest ?? []))])
  const unknown = new Map<Digest, Tag>()
  for (const { tag, digest } of resolved) if (digest && !whole.has(digest)) unknown.set(digest, tag)
  const read = await mapConcurrent([...unknown.keys()], (digest) => gate(() => readFacts(repository, digest, call)), {
    limit: Math.max(1, Math.floor(limit / 2)),
    ...call,
  })
  await recordManifests(
    store,
    read.flatMap(({ facts }) => facts ?? []),
  )
  const problems = new Map(read.flatMap(({ digest, problem }) => (problem ? [[digest, problem] as const] : [])))
  const incomplete = new Set(read.flatMap(({ digest, facts }) => (facts?.problem === undefined ? [] : [digest])))
  const isDoubtful = ({ digest }: Resolved) => digest !== undefined && (problems.has(digest) || incomplete.has(digest))
  const since = options.isAgain ? noChanges : await changesSince(repository, resolved.filter(isDoubtful), options)
  const unchanged = resolved.filter(({ tag }) => !since.deleted.has(tag) && !since.moved.has(tag))
  const sightings = unchanged
    .flatMap((look) => sightingOf(look, problems))
    .map((sighting) => (areFirstListed ? { ...sighting, isListed: true } : sighting))
  if (sightings.length > 0) await recordTags(store, place, sightings, learnt)
  const moved = await syncTags(store, repository, [...since.moved], learnt, { ...options, isAgain: true })
  const found = new Set(unchanged.map(({ digest }) => digest))
  return {
    missing: [
      ...unchanged.flatMap(({ tag, isMissing }) => (isMissing ? [tag] : [])),
      ...since.deleted,
      ...moved.missing,
    ],
    problems:
      sightings.filter(({ problem }) => problem !== undefined).length +
      [...incomplete].filter((digest) => found.has(digest)).length +
      moved.problems,
  }
}

interface ChangedTags {
  readonly deleted: ReadonlySet<Tag>
  readonly moved: ReadonlySet<Tag>
}

const noChanges: ChangedTags = { deleted: new Set(), moved: new Set() }

/** What couldn't be read whole may have been deleted or moved while it was read: then nothing is wrong with it. */
async function changesSince(
  repository: Repository,
  looks: readonly Resolved[],
  { limit, gate = unbounded, signal }: LookOptions,
): Promise<ChangedTags> {
  const call = signal ? { signal } : {}
  const now = await mapConcurrent(looks, ({ tag }) => gate(() => get(repository, tag, call)), { limit, ...call })
  const tagsWhere = (is: (now: Resolved, before: Resolved | undefined) => boolean) =>
    new Set(now.flatMap((found, at) => (is(found, looks[at]) ? [found.tag] : [])))
  return {
    deleted: tagsWhere(({ isMissing }) => isMissing === true),
    moved: tagsWhere(({ digest }, before) => digest !== undefined && digest !== before?.digest),
  }
}

async function settled(store: Store, repository: Repository, tags: readonly Tag[], known: number | undefined) {
  const id = known ?? (await readTogether(store, placeOf(repository), repositoryStates))?.id
  return id === undefined ? new Map<string, SettledTag>() : settledTags(store, id, tags)
}

export const unbounded: Gate = (work) => work()

interface Resolved {
  readonly tag: Tag
  readonly digest?: Digest
  readonly problem?: string
  readonly isMissing?: true
}

async function resolve(repository: Repository, tag: Tag, options: CallOptions): Promise<Resolved> {
  try {
    return { tag, digest: (await repository.resolve(tag, options)).digest }
  } catch (error) {
    return notResolved(tag, error)
  }
}

async function get(repository: Repository, tag: Tag, options: CallOptions): Promise<Resolved> {
  try {
    return { tag, digest: (await repository.manifest(tag, { fresh: true, ...options })).digest }
  } catch (error) {
    return notResolved(tag, error)
  }
}

function notResolved(tag: Tag, error: unknown): Resolved {
  if (isRegistryError(error, 'not-found')) return { tag, problem: 'not-found', isMissing: true }
  return { tag, problem: problemCode(error) }
}

async function readFacts(repository: Repository, digest: Digest, options: CallOptions) {
  try {
    const manifest: Manifest = await repository.manifest(digest, options)
    return { digest, facts: await readManifestFacts(repository, manifest, options) }
  } catch (error) {
    return { digest, problem: problemCode(error) }
  }
}

function sightingOf(
  { tag, askedAt, digest, problem, isMissing }: Resolved & Pick<TagSighting, 'askedAt'>,
  unread: ReadonlyMap<Digest, string>,
): TagSighting[] {
  if (isMissing) return []
  const why = problem ?? (digest && unread.get(digest))
  if (why !== undefined) return [{ tag, askedAt, problem: why }]
  return digest ? [{ tag, askedAt, digest }] : []
}

/** What a manifest's own fault is called. @throws whatever says nothing of the manifest */
function problemCode(error: unknown): string {
  if (error instanceof FormatError) return 'format'
  if (
    isRegistryError(error, 'not-found', 'digest-mismatch', 'size-mismatch', 'too-large', 'malformed', 'missing-content')
  )
    return error.kind
  throw error
}
