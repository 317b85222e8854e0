import 'server-only'
import type { Readable } from 'node:stream'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { loadArchive, tagIn } from '../../image/archive/load-archive.ts'
import { FormatError } from '../../oci/format-error.ts'
import { parseFullReference, parseReference, type RepositoryName, type Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions } from '../../registry/registry.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { change } from '../changes/change.ts'

export interface LoadRequest {
  readonly registry: string
  /** The repository for every image of the archive; without it, the archive's own names decide, in a layout only. */
  readonly repository?: RepositoryName
  /** Tags to use instead of the archive's, by the image's name in the archive; `''` for an unnamed one. */
  readonly tags?: ReadonlyMap<string, Tag>
  readonly overwrite: boolean
}

/** What was loaded from an archive, and what was skipped. */
export interface LoadOutcome {
  readonly loaded: readonly LoadedView[]
  /** Entries that aren't images, or of a kind that a layout doesn't accept. */
  readonly passedOver: readonly { readonly digest: string; readonly reason: string }[]
}

export interface LoadedView {
  readonly repository: RepositoryName
  /** Absent for an image that the archive gives no tag. */
  readonly tag?: string
  /** Its name in the archive, if that isn't valid for a tag. */
  readonly name?: string
  readonly digest: string
  /** Children that an index lists and the archive lacks. */
  readonly missing: readonly string[]
}

/** Unnamed content is staged here; in a layout, blobs belong to no repository. */
const STAGING = 'loaded' as RepositoryName

/**
 * Puts the images of an archive into a registry. Nothing is tagged before the whole archive has been read and verified.
 * @throws AccessError, RegistryError, FormatError
 */
export async function load(
  actor: Actor,
  request: LoadRequest,
  archive: Readable,
  options: CallOptions,
): Promise<LoadOutcome> {
  const { registry, repository, overwrite, tags } = request
  // An archive that names its repositories can name any.
  const target = { registry, repository: repository ?? STAGING, audit: { repository } }
  if (!repository) await recordingRefusal(actor, 'load', target, () => authorize(actor, 'load', { registry }))
  const { result } = await change(actor, 'load', target, async ({ repository: staging, keep, open }) => {
    // Elsewhere content belongs to a repository, and staged content would stay there.
    if (!repository && staging.registry.kind !== 'layout')
      throw new RegistryError('unsupported', `enter the repository in ${registry} that the images go to`)
    return loadArchive(staging, archive, {
      ...options,
      overwrite,
      keep: (...moving) => keep.tag(...moving),
      place: async (archived) => {
        const given = tags?.get(archived ?? '')
        const named = given ? { tag: given } : tagIn(archived)
        const place = { registry, repository: repository ?? repositoryIn(archived), ...named }
        return {
          repository: await open(overwrite ? 'overwrite-tag' : 'load', { ...place, audit: { action: 'load-archive' } }),
          ...named,
        }
      },
    })
  })
  return {
    loaded: result.images.map(({ repository: { name: into }, tag, name, digest, missing }) => ({
      repository: into,
      ...(tag ? { tag } : name && { name }),
      digest,
      missing,
    })),
    passedOver: result.passedOver.map(({ digest, reason }) => ({ digest, reason })),
  }
}

/** `docker.io/library/alpine:3.20` goes to `library/alpine`: the host is where it came from. */
function repositoryIn(archived: string | undefined): RepositoryName {
  // A name without a host may be one of ours, so that `app:1` is not taken for Docker Hub's `library/app`.
  const named = archived?.includes('/')
    ? parseFullReference(archived)
    : archived?.includes(':')
      ? parseReference(archived)
      : undefined
  if (named) return named.repository
  throw new FormatError(
    'archive',
    archived ?? 'an unnamed image',
    'images that name their repository, as docker save writes them; or open the repository they should go to and load the archive there',
  )
}
