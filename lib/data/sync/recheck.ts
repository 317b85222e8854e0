import 'server-only'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { registryDecides } from '../../access/authorize.ts'
import { changed } from '../../catalog/changed.ts'
import { recordTags } from '../../catalog/database/record-tags.ts'
import type { Learnt } from '../../catalog/database/tag-rows.ts'
import { syncRepository } from '../../catalog/sync/sync-repository.ts'
import { syncTags } from '../../catalog/sync/sync-tags.ts'
import { processWide } from '../../config/process-wide.ts'
import { isReferrersTag } from '../../image/referrers/referrers-tag.ts'
import { isSamePlace, type Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { openForServer } from '../registries/open.ts'
import { type Hint, HintQueue } from './hint-queue.ts'
import { recordDeleted } from './record-deleted.ts'

const REQUESTS = 8
const ONLY_NEW = { limit: REQUESTS, onlyNew: true }

/**
 * Reads a tag or a repository again because it's reported to have changed: the registry's answer is what's recorded.
 * Hints about the same tag are one while they wait; each repository is looked at by one at a time.
 */
export function recheck(hint: Hint): void {
  queue().add(hint)
}

/** Until then nothing is read: tests and scripts that only read have no database. */
export function startRechecks(): void {
  queue().isStarted = true
}

/**
 * One of Lading's own changes begins. Notifications about it wait meanwhile, so that it's recorded with its author.
 * @param tags that it has changed by its end
 * @returns to be called when it has ended, however
 */
export function beginOwnChange(
  actor: Actor,
  target: Place & { readonly tag?: Tag | undefined; readonly plan?: string | undefined },
  tags: ReadonlySet<Tag>,
): () => void {
  // Lading's own credentials take no part in what somebody does with their account: the next sync finds it.
  if (registryDecides(actor, target.registry)) return () => {}
  const release = queue().hold(target)
  const own = { place: target, tags, author: usernameOf(actor) }
  ownChanges().add(own)
  return () => {
    release()
    // A plan's repository is read after its run, not after each of its changes.
    if (target.plan === undefined) recordOwnChange(actor, target, tags)
    ownChanges().delete(own)
  }
}

interface OwnChange {
  readonly place: Place
  /** As far as they are known by now. */
  readonly tags: ReadonlySet<Tag>
  readonly author: string | undefined
}

/** Those that are going on. */
function ownChanges(): Set<OwnChange> {
  return processWide('own-changes', () => new Set())
}

/** After one of Lading's own changes: who has changed these tags is known. What else has changed there is anybody's. */
export function recordOwnChange(
  actor: Actor,
  { registry, repository, tag }: Place & { readonly tag?: Tag | undefined },
  tags: Iterable<Tag>,
): void {
  if (registryDecides(actor, registry)) return
  const authors = new Map(Array.from(tags, (one) => [one, usernameOf(actor)]))
  recheck({ registry, repository, ...(tag && { tag }), how: 'change', authors })
}

/**
 * Tags that a plan has just written are recorded as its author's at once: the repository is read after its run, and
 * others may read it before.
 */
export async function recordWritten(
  actor: Actor,
  { registry, repository }: Place,
  tags: readonly Tag[],
  digest: string,
): Promise<void> {
  if (registryDecides(actor, registry) || !queue().isStarted || tags.length === 0) return
  const at = Date.now()
  const authors = new Map(tags.map((tag) => [tag, usernameOf(actor)]))
  const written = tags.map((tag) => ({ tag, digest, askedAt: at }))
  // They are written: only who has written them may go unrecorded.
  await recordTags(await theStore(), { registry, repository }, written, { at, how: 'change', authors }).catch((error) =>
    console.error(`The catalog may be out of date about ${registry}/${repository}`, error),
  )
}

function queue(): HintQueue {
  return processWide('hint-queue', () => new HintQueue(lookOrForget))
}

async function lookOrForget(hint: Hint): Promise<void> {
  try {
    await look(hint)
  } catch (error) {
    if (hint.how !== 'change') throw error
    await recordDeleted(hint, learntBy(hint))
    throw error
  }
}

function learntBy({ how, authors, ...place }: Hint): Learnt {
  return { at: Date.now(), how, ...(authors && { authors: withOthers(place, authors) }) }
}

/** A reading after one change also shows what others do meanwhile, or did before theirs is read. */
function withOthers(place: Place, own: ReadonlyMap<Tag, string | undefined>): Learnt['authors'] {
  const find = (tag: string): { readonly author: string | undefined } | undefined => {
    for (const { place: its, tags, author } of ownChanges())
      if (isSamePlace(its, place) && tags.has(tag as Tag)) return { author }
    for (const { authors } of [...queue().changesOf(place), { authors: own }])
      if (authors?.has(tag as Tag)) return { author: authors.get(tag as Tag) }
    return undefined
  }
  return { has: (tag) => find(tag) !== undefined, get: (tag) => find(tag)?.author }
}

async function look(hint: Hint): Promise<void> {
  const { tag, how, authors: _, ...place } = hint
  const repository = openForServer(place)
  if (!repository) return
  const store = await theStore()
  const learnt = learntBy(hint)
  if (how === 'notification') await changed(place)
  // A signature or whatever else hangs on an image: no tag of anybody's.
  if (tag && isReferrersTag(tag)) return void (await syncRepository(store, repository, learnt, ONLY_NEW))
  if (tag) {
    const { missing } = await syncTags(store, repository, [tag], learnt, { limit: 1 })
    // A GET didn't find it; the list has to confirm that it's deleted.
    if (missing.length > 0) return void (await syncRepository(store, repository, learnt, ONLY_NEW))
  }
  // A change of ours may have taken other tags along.
  if (!tag) await syncRepository(store, repository, learnt, { limit: REQUESTS })
  else if (how === 'change') await syncRepository(store, repository, learnt, ONLY_NEW)
}
