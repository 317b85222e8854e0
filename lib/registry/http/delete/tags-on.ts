import type { Digest } from '../../../oci/digest.ts'
import type { Tag } from '../../../oci/reference.ts'
import { RegistryError } from '../../errors.ts'
import { type ResolveTagsOptions, resolveTags } from '../../resolve-tags.ts'
import { listTags } from '../listing/tags.ts'
import { resolveManifest } from '../manifests/manifests.ts'
import type { RepositoryContext } from '../repository-context.ts'

/** Every tag on this digest, over all pages, sorted. @throws RegistryError `conflict` when the tags can't all be seen */
export async function tagsOn(context: RepositoryContext, digest: Digest, options: ResolveTagsOptions): Promise<Tag[]> {
  const source = {
    tags: () => listTags(context, options),
    resolve: (tag: Tag) => resolveManifest(context, tag, options),
  }
  const { tags, complete, reason } = await resolveTags(source, options)
  if (!complete)
    throw new RegistryError('conflict', `can’t determine which tags are on ${digest}: ${reason}`, {
      host: context.client.endpoint.host,
      repository: context.name,
    })
  return [...tags].flatMap(([tag, found]) => (found.digest === digest ? [tag] : [])).sort()
}
