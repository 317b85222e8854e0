import type { Digest } from '../../oci/digest.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { isRegistryError } from '../errors.ts'
import type {
  BlobUser,
  CallOptions,
  DeleteManifestOptions,
  DeleteTagOptions,
  Registry,
  TagDeletion,
} from '../registry.ts'
import { expectTag } from './push-manifest.ts'
import type { RepositoryContents } from './repository-contents.ts'

/** `Repository.deleteTag` of a layout: the manifest stays, as an untagged one. */
export async function deleteTag(
  registry: Registry,
  contents: RepositoryContents,
  tag: Tag,
  { expect, journal, signal }: DeleteTagOptions,
): Promise<TagDeletion> {
  const { name, store } = contents
  const pointer = await contents.find(parseTag(tag), signal)
  expectTag(contents, tag, expect, pointer.descriptor.digest)
  if (!(await store.isWritable())) return { outcome: 'unsupported', reason: `${store.path} is not writable` }
  const { digest, mediaType } = pointer.descriptor
  // A tag whose manifest is lost can still be removed: there is only nothing to keep.
  const bytes = await contents.bytesOf(pointer, tag, signal).catch((error: unknown) => {
    if (isRegistryError(error, 'missing-content')) return new Uint8Array()
    throw error
  })
  const entry = await journal?.begin({ registry: registry.name, repository: name, tag, digest, mediaType, bytes })
  try {
    await store.update((draft) => {
      expectTag(contents, tag, expect, draft.tag(name, tag)?.descriptor.digest)
      draft.removeTag(name, tag)
    }, signal)
  } catch (error) {
    await entry?.end('failed')
    throw error
  }
  await entry?.step('deleted')
  await entry?.end('deleted')
  return { outcome: 'deleted' }
}

/**
 * `Repository.deleteManifest` of a layout. What the manifest needed stays the repository's, so that it can be restored:
 * blobs as held ones, the children of an index as untagged manifests.
 */
export async function deleteManifest(
  contents: RepositoryContents,
  digest: Digest,
  { expectTags, signal }: DeleteManifestOptions,
): Promise<void> {
  const { name, graph, store } = contents
  await contents.find(digest, signal)
  const parent = await parentOf(contents, digest, signal)
  if (parent)
    throw contents.error('conflict', `${digest} is part of the index ${parent}: delete that first`, { found: parent })
  await store.update(async (draft) => {
    if (!draft.has(name, digest)) throw contents.notFound(digest)
    const tags = draft.tagsOf(name, digest).sort()
    const expected = [...new Set(expectTags)].sort()
    if (tags.join() !== expected.join())
      throw contents.error('conflict', `the tags on ${digest} aren’t the ones that were expected`, {
        expected: expected.join(', '),
        found: tags.join(', '),
      })
    const members = await graph.members(await contents.index(), name)
    const member = members.get(digest)
    if (member) await contents.held.add(name, await graph.vouchedBy(member).catch(nothingWhereDamaged))
    const facts = member && (await graph.facts(member))
    for (const child of facts?.children ?? []) {
      const own = members.get(child.digest)
      if (own) draft.addMember(name, own)
    }
    draft.removeManifest(name, digest)
  }, signal)
}

/**
 * Refused with `conflict` while any manifest of the layout needs it, since all its repositories share it, and with
 * `unsupported` while one doesn't say what it needs. Other repositories aren't named.
 */
export async function deleteBlob(contents: RepositoryContents, digest: Digest, signal?: AbortSignal): Promise<void> {
  const { held, name, store } = contents
  await store.update(async () => {
    if ((await contents.sizeOf(digest, signal)) === undefined) throw contents.notFound(digest)
    const users = (await blobUsers(contents, [digest], signal)).get(digest) ?? []
    const user = users.find(({ repository }) => repository === name)
    if (user)
      throw contents.error('conflict', `${digest} is still needed by ${name}@${user.digest}`, { found: user.digest })
    if (users.length > 0) throw contents.error('conflict', `${digest} is still needed by another repository`)
    await store.blobs.remove(digest)
    await held.remove(name, digest)
  }, signal)
}

/** `Repository.blobUsers` of a layout: all its repositories count, since they share their blobs. */
export async function blobUsers(
  contents: RepositoryContents,
  digests: readonly Digest[],
  signal: CallOptions['signal'],
): Promise<ReadonlyMap<Digest, readonly BlobUser[]>> {
  const users = new Map<Digest, BlobUser[]>(digests.map((digest) => [digest, []]))
  const index = await contents.index(signal)
  if (index.foreign.length > 0)
    throw contents.error(
      'unsupported',
      `index.json has ${index.foreign.length} unreadable entries, so which layers they need can’t be determined`,
    )
  for (const repository of index.repositories.keys())
    for (const [digest, needed] of await contents.graph.needs(index, repository, signal))
      for (const blob of needed) users.get(blob)?.push({ repository, digest })
  return users
}

async function parentOf(
  contents: RepositoryContents,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<Digest | undefined> {
  const manifests = await contents.graph.all(await contents.index(signal), contents.name, signal)
  return manifests.find(({ children }) => children.some((child) => child.digest === digest))?.descriptor.digest
}

function nothingWhereDamaged(error: unknown): readonly Digest[] {
  if (isRegistryError(error, 'digest-mismatch', 'too-large')) return []
  throw error
}
