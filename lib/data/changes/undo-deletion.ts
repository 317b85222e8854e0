import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { forgetNames } from '../../catalog/repository-names.ts'
import { forgetTags } from '../../catalog/tag-list.ts'
import { restoreManifest } from '../../image/delete/restore.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'
import { deletionJournal } from './deletion-journal.ts'

export interface UndoInput {
  readonly registry: string
  readonly repository: RepositoryName
  /** Names the deletion, as its result did. */
  readonly deletion: string
}

export interface UndoneDeletion {
  readonly digest: string
  readonly tags: readonly string[]
}

/**
 * Puts back what a deletion took: the bytes that were kept before it, under the tags that they had.
 * @throws RegistryError `conflict` when a tag is in use again, `missing-content` when garbage collection has run,
 *   `not-found` when no such deletion is known here; AccessError
 */
export async function undoDeletion(
  actor: Actor,
  { registry, repository, deletion }: UndoInput,
): Promise<UndoneDeletion> {
  const opened = openRepository(actor, 'restore', { registry, repository })
  const entry = await deletionJournal().entry(deletion)
  // An entry of another repository is none: the right was asked for this one.
  if (!entry || entry.record.registry !== registry || entry.record.repository !== repository)
    throw new RegistryError('not-found', 'no record of this deletion is kept')
  const { record } = entry
  const tags = 'tags' in record ? record.tags : [record.tag, ...entry.tookAlong]
  try {
    return { digest: await restoreManifest(opened, record, tags), tags }
  } finally {
    forgetTags(registry, repository)
    forgetNames(registry)
  }
}
