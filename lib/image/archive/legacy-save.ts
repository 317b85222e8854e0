import { parseV1Compatibility } from '../../oci/config.ts'
import { isRecord } from '../../oci/descriptor.ts'
import { digestOf } from '../../oci/digester.ts'
import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { convertSchema1 } from '../../oci/schema1/convert-schema1.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { type ArchiveImage, imageOfLayers } from './archive-image.ts'
import type { ArchiveIntake, StoredFile } from './archive-intake.ts'

/** Docker itself stops at 127. */
const MOST_LAYERS = 1_000

/**
 * What `docker save` wrote before 1.10: `repositories` names images by their v1 ids, and each id has a folder with its
 * JSON, which names its parent, and the layer that it adds (moby, image/spec/v1.md).
 * @throws FormatError `archive`, `schema1`; RegistryError `missing-content`
 */
export async function fromRepositories(
  intake: ArchiveIntake,
  bytes: Uint8Array,
  repository: Repository,
  options: CallOptions,
): Promise<ArchiveImage[]> {
  const manifests = new Map<string, Manifest>()
  const images: ArchiveImage[] = []
  for (const { name, id } of namesIn(bytes)) {
    const manifest = manifests.get(id) ?? (await convert(intake, id, repository, options))
    manifests.set(id, manifest)
    images.push({ manifest, name })
  }
  return images
}

function namesIn(bytes: Uint8Array): { name: string; id: string }[] {
  const document = parseJson(bytes)
  if (!isRecord(document)) throw new FormatError('archive', document, 'an object in repositories')
  return Object.entries(document).flatMap(([repository, tags]) =>
    Object.entries(isRecord(tags) ? tags : {}).map(([tag, id]) => {
      if (typeof id === 'string' && /^[0-9a-f]{64}$/.test(id)) return { name: `${repository}:${tag}`, id }
      throw new FormatError('archive', id, `the id of an image under ${repository}:${tag} in repositories`)
    }),
  )
}

async function convert(
  intake: ArchiveIntake,
  leaf: string,
  repository: Repository,
  options: CallOptions,
): Promise<Manifest> {
  const { files, texts } = chainOf(intake, leaf)
  const layers = files.map(({ digest }, at) => ({ digest, v1Compatibility: texts[at] ?? '' }))
  const { config } = convertSchema1({ name: '', tag: '', architecture: '', layers, signatures: 0 })
  // Each is a tar as it is, so that its digest is its DiffID.
  const content = config(files.map(({ digest }) => digest))
  const digest = digestOf(content)
  await repository.putBlob(content, { ...options, digest })
  return imageOfLayers({ digest, size: content.byteLength }, files)
}

/** An image and its parents, base → leaf. */
function chainOf(intake: ArchiveIntake, leaf: string): { files: StoredFile[]; texts: string[] } {
  const files: StoredFile[] = []
  const texts: string[] = []
  for (let id: unknown = leaf; typeof id === 'string' && id !== ''; ) {
    if (files.length >= MOST_LAYERS) throw new FormatError('archive', leaf, `an image of at most ${MOST_LAYERS} layers`)
    const [document, file] = [intake.document(`${id}/json`), intake.file(`${id}/layer.tar`)]
    if (!document || !file)
      throw new RegistryError('missing-content', `the archive lists the image ${id} but doesn’t contain it`)
    if (file.compression !== 'none')
      throw new FormatError('archive', `${id}/layer.tar`, 'layers that aren’t compressed')
    const text = Buffer.from(document).toString('utf8')
    files.unshift(file)
    texts.unshift(text)
    id = parseV1Compatibility(text).parent
  }
  return { files, texts }
}
