import type { Digest } from '../../oci/digest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { contentAt } from '../copy/content-at.ts'
import { digestAt } from '../graph/digest-at.ts'
import type { ArchiveImage } from './archive-image.ts'
import type { LoadPlace } from './load-place.ts'

/** An image of an archive with its destination. */
export type PlacedImage = ArchiveImage & LoadPlace

/** Schema 1 names its repository inside, and becomes another document in another one. */
export function placeImage(image: ArchiveImage, place: LoadPlace): PlacedImage {
  const { manifest } = image
  const { mediaType, bytes, digest } = contentAt(manifest, place.repository.name, place.tag)
  const isSame = digest === manifest.digest
  return { ...image, ...place, manifest: isSame ? manifest : parseManifest(bytes, { contentType: mediaType }) }
}

/**
 * The current targets of the tags to write, by name.
 * @throws RegistryError `exists` when two images of the archive would have one name, whatever may be overwritten: the
 * first would be lost silently
 */
export async function checkTargetTags(
  images: readonly PlacedImage[],
  overwrite: boolean,
  options: CallOptions,
): Promise<Map<string, Digest | undefined>> {
  const claims = new Map<string, PlacedImage>()
  for (const image of images) {
    if (!image.tag) continue
    const rival = claims.get(nameOf(image))
    if (rival && rival.manifest.digest !== image.manifest.digest) throw sameName(rival, image)
    claims.set(nameOf(image), image)
  }
  const found = new Map<string, Digest | undefined>()
  for (const [name, { repository, tag, manifest }] of claims) {
    const digest = tag && (await digestAt(repository, tag, options))
    if (digest && digest !== manifest.digest && !overwrite)
      throw exists(`${name} already points at another image: load the archive again with permission to overwrite`, {
        repository,
        expected: manifest.digest,
        found: digest,
      })
    found.set(name, digest)
  }
  return found
}

/** `team/app:1.4` */
export function nameOf({ repository, tag }: LoadPlace): string {
  return `${repository.name}:${tag}`
}

function sameName(one: PlacedImage, other: PlacedImage): RegistryError {
  const names = [one, other].map(({ name, manifest }) => name ?? manifest.digest).join(' and ')
  return exists(`the archive has two images for ${nameOf(one)}, ${names}: load them where their names differ`, {
    repository: one.repository,
    expected: one.manifest.digest,
    found: other.manifest.digest,
  })
}

function exists(
  message: string,
  { repository, ...digests }: { repository: Repository; expected: Digest; found: Digest },
): RegistryError {
  return new RegistryError('exists', message, {
    host: repository.registry.location,
    repository: repository.name,
    ...digests,
  })
}
