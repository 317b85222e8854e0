import type { Descriptor } from '../../oci/descriptor.ts'
import { algorithmOf, type Digest, hexOf } from '../../oci/digest.ts'
import type { IndexManifest, Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../concurrent.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import type { CallOptions } from '../registry.ts'
import { changeSharedTag } from '../shared-tag.ts'
import { digestNow, fetchManifest, sendManifest } from './manifests.ts'
import type { RepositoryContext } from './repository-context.ts'

/** The tag under which an index of referrers is kept where there is no referrers API (distribution-spec, "Referrers Tag Schema"). */
export function fallbackTag(subject: Digest): Tag {
  return parseTag(`${algorithmOf(subject).slice(0, 32)}-${hexOf(subject).slice(0, 64)}`)
}

/**
 * The index under the fallback tag; undefined when there is none. GitLab answers the subject itself for this tag, so it
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
  return change(context, subject, options, (manifests) =>
    manifests.some((m) => m.digest === referrer.digest) ? undefined : [...manifests, referrer],
  )
}

/** Takes a deleted referrer out of the fallback index, if it is in one. */
export function removeFromFallback(
  context: RepositoryContext,
  subject: Digest,
  referrer: Digest,
  options: CallOptions = {},
) {
  return change(context, subject, options, (manifests) =>
    manifests.some((m) => m.digest === referrer) ? manifests.filter((m) => m.digest !== referrer) : undefined,
  )
}

async function change(
  context: RepositoryContext,
  subject: Digest,
  options: CallOptions,
  edit: (manifests: readonly Descriptor[]) => readonly Descriptor[] | undefined,
): Promise<void> {
  const { origin, prefix } = context.client.endpoint
  let refused = 0
  const attempt = async () => {
    const held = await find(context, subject, options)
    if (held && (held.kind !== 'index' || held.digest === subject)) throw occupied(context, subject)
    const edited = edit(held?.manifests ?? [])
    if (!edited) return 'kept'
    const manifests = refused > 1 ? await present(context, edited, options) : edited
    try {
      const content = { mediaType: MEDIA_TYPE.ociIndex, bytes: serialise(manifests) }
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

/** An index that names what is gone is refused by distribution, so entries that nobody can read any more go first. */
async function present(context: RepositoryContext, entries: readonly Descriptor[], options: CallOptions) {
  const found = await mapConcurrent(entries, ({ digest }) => digestNow(context, digest, options), options)
  return entries.filter((_, i) => found[i] !== undefined)
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
  const message = `${host} keeps no referrers: its tag ${fallbackTag(subject)} is something else`
  return new RegistryError('unsupported', message, { host, repository: context.name })
}

function serialise(manifests: readonly Descriptor[]): Uint8Array {
  const entries = manifests.map(({ mediaType, digest, size, artifactType, annotations, platform }) => ({
    mediaType,
    digest,
    size,
    ...(artifactType !== undefined && { artifactType }),
    ...(annotations && { annotations: Object.fromEntries(annotations) }),
    ...(platform && { platform: { os: platform.os, architecture: platform.architecture } }),
  }))
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: entries }))
}
