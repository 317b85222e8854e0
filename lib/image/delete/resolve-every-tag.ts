import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { type ResolvedTags, type ResolveTagsOptions, resolveTags } from '../../registry/resolve-tags.ts'

/**
 * Where every tag points, for a deletion.
 * @throws RegistryError `conflict` when not every tag can be read: one of them may be on any image
 */
export async function resolveEveryTag(repository: Repository, options: ResolveTagsOptions = {}): Promise<ResolvedTags> {
  const scan = await resolveTags(repository, options)
  if (!scan.complete) throw unseenTags(repository, scan.reason)
  return scan
}

/** Refuses a deletion, as tags that can't be seen might be deleted too. */
export function unseenTags(repository: Repository, reason: string | undefined): RegistryError {
  return new RegistryError('conflict', `can’t determine which tags would be deleted: ${reason}`, {
    host: repository.registry.location,
    repository: repository.name,
  })
}
