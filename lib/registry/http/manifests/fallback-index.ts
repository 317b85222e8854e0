import { type Descriptor, isRecord } from '../../../oci/descriptor.ts'
import { algorithmOf, type Digest, hexOf, isDigest } from '../../../oci/digest.ts'
import { parseJson } from '../../../oci/json.ts'
import type { IndexManifest, Manifest } from '../../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import { parseTag, type Tag } from '../../../oci/reference.ts'
import { mapConcurrent } from '../../concurrent.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { CallOptions } from '../../registry.ts'
import { changeSharedTag } from '../../shared-tag.ts'
import type { RepositoryContext } from '../repository-context.ts'
import { digestNow, fetchManifest, sendManifest } from './manifests.ts'

/** The tag under which an index of referrers is kept where there is no referrers API (distribution-spec, "Referrers Tag Schema"). */
function fallbackTag(subject: Digest): Tag {
  return parseTag(`${algorithmOf(subject).slice(0, 32)}-${hexOf(subject).slice(0, 64)}`)
}

/**
 * The index under the fallback tag; undefined if there isn't one. GitLab answers the subject itself for this tag, so it
 * counts only as an index that is not the subject.
 */
export async function readFallback(
  context: RepositoryContext,
  subject: Digest,
  options: CallOptions = {},
): Promise<IndexManifest | undefined> {
  const manifest = await find(context, subject, options)
  return manifest?.kind === 'index' && manifest.digest !== subject ? manifest : undefined
}

/**
 * Adds a referrer to the fallback index.
 * @throws RegistryError `conflict` when others overwrite it all the time, `unsupported` when the tag holds something else
 */
export function addToFallback(
  context: RepositoryContext,
  subject: Digest,
  referrer: Descriptor,
  options: CallOptions = {},
) {
  return change(context, subject, options, (entries) =>
    entries.some((entry) => digestIn(entry) === referrer.digest) ? undefined : [...entries, entryOf(referrer)],
  )
}

/** Takes a deleted referrer out of the fallback index, if it is in one. */
export function removeFromFallback(
  context: RepositoryContext,
  subject: Digest,
  referrer: Digest,
  options: CallOptions = {},
) {
  return change(context, subject, options, (entries) =>
    entries.some((entry) => digestIn(entry) === referrer)
      ? entries.filter((entry) => digestIn(entry) !== referrer)
      : undefined,
  )
}

async function change(
  context: RepositoryContext,
  subject: Digest,
  options: CallOptions,
  edit: (entries: readonly unknown[]) => readonly unknown[] | undefined,
): Promise<void> {
  const { origin, prefix } = context.client.endpoint
  let refused = 0
  const attempt = async () => {
    const held = await find(context, subject, options)
    if (held && (held.kind !== 'index' || held.digest === subject)) throw occupied(context, subject)
    // The raw document is edited: other tools write fields into it that are unknown here.
    const document = held ? parseJson(held.bytes) : { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex }
    const { manifests: entries, ...rest } = isRecord(document) ? document : {}
    const edited = edit(Array.isArray(entries) ? entries : [])
    if (!edited) return 'kept'
    const manifests = refused > 1 ? await present(context, edited, options) : edited
    try {
      const mediaType = held?.mediaType ?? MEDIA_TYPE.ociIndex
      const content = { mediaType, bytes: Buffer.from(JSON.stringify({ ...rest, manifests })) }
      await sendManifest(context, fallbackTag(subject), content, options)
    } catch (error) {
      // Either an entry was deleted, or distribution is just rewriting one that is put a second time.
      if (!isRegistryError(error, 'missing-content') || refused === 3) throw error
      refused++
    }
    return 'written'
  }
  await changeSharedTag(`the referrers of ${origin}${prefix}/${context.name}@${subject}`, attempt, options)
}

/** distribution refuses an index that lists deleted manifests, so unreadable entries are removed first. */
async function present(context: RepositoryContext, entries: readonly unknown[], options: CallOptions) {
  const find = (digest: Digest | undefined) => digest && digestNow(context, digest, options)
  const found = await mapConcurrent(entries, async (entry) => find(digestIn(entry)), options)
  return entries.filter((_, i) => found[i] !== undefined)
}

function digestIn(entry: unknown): Digest | undefined {
  return isRecord(entry) && isDigest(entry.digest) ? entry.digest : undefined
}

function entryOf({ mediaType, digest, size, artifactType, annotations }: Descriptor) {
  return {
    mediaType,
    digest,
    size,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations: Object.fromEntries(annotations) }),
  }
}

async function find(context: RepositoryContext, subject: Digest, options: CallOptions): Promise<Manifest | undefined> {
  try {
    return await fetchManifest(context, fallbackTag(subject), options)
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

function occupied(context: RepositoryContext, subject: Digest): RegistryError {
  const { host } = context.client.endpoint
  const message = `${host} can’t store referrers: its tag ${fallbackTag(subject)} is something else`
  return new RegistryError('unsupported', message, { host, repository: context.name })
}
