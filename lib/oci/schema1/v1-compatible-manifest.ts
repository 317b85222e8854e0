import { type ChildManifest, childManifests, type ManifestLookup } from '../child-manifests.ts'
import { parseImageConfig } from '../config.ts'
import type { Descriptor } from '../descriptor.ts'
import type { ImageManifest, Manifest, Schema1Manifest } from '../manifest.ts'
import { MEDIA_TYPE } from '../media-type.ts'
import { parseManifest } from '../parse-manifest.ts'
import { isAttestation, normalizePlatform, type Platform } from '../platform.ts'
import type { RepositoryName, Tag } from '../reference.ts'
import { type SignOptions, signSchema1 } from './sign-schema1.ts'
import { v1History } from './v1-history.ts'

export interface V1CompatibleOptions extends SignOptions {
  /** What the schema 1 manifest is to call itself. */
  readonly name: RepositoryName
  readonly tag: Tag
  /** Resolves to undefined for what is absent; throws for everything else. Verifies the digest. */
  readonly manifest: ManifestLookup
  readonly blob: (descriptor: Descriptor) => Promise<Uint8Array | undefined>
}

/**
 * The image as a client of Docker before 1.10 can pull it: schema 1 as it is; of an index the first linux/amd64 image;
 * an image converted to schema 1 and signed with a new key. Steps without a layer use `EMPTY_LAYER`, which has to be in
 * the repository when the result is pushed.
 * @returns undefined when nothing fits: another platform, an artifact, remote layers, missing content
 * @throws what the look-ups throw; FormatError for a malformed config
 */
export async function v1CompatibleManifest(
  manifest: Manifest,
  options: V1CompatibleOptions,
): Promise<Schema1Manifest | undefined> {
  switch (manifest.kind) {
    case 'schema1':
      return manifest
    case 'oci-image':
    case 'schema2':
      return convert(manifest, options)
    case 'index': {
      for await (const child of childManifests(manifest, options.manifest)) {
        const image = runnableImage(child)
        const converted = image && (await v1CompatibleManifest(image, options))
        if (converted) return converted
      }
      return undefined
    }
    case 'oci-artifact':
    case 'unknown':
      return undefined
  }
}

/** Nested indexes are opened by the walk, so only what isn't an index counts. */
function runnableImage(child: ChildManifest): Manifest | undefined {
  const { platform } = child.descriptor
  if (child.state !== 'found' || child.manifest.kind === 'index' || isAttestation(child.descriptor)) return undefined
  return !platform || isLinuxAmd64(platform) ? child.manifest : undefined
}

async function convert(manifest: ImageManifest, options: V1CompatibleOptions): Promise<Schema1Manifest | undefined> {
  const bytes = await options.blob(manifest.config)
  const layers = v1History(manifest, bytes)
  if (!bytes || !layers) return undefined
  const config = parseImageConfig(bytes)
  if (!isLinuxAmd64(config)) return undefined
  const leafFirst = layers.toReversed()
  const document = {
    schemaVersion: 1,
    name: options.name,
    tag: options.tag,
    architecture: config.architecture,
    fsLayers: leafFirst.map(({ digest }) => ({ blobSum: digest })),
    history: leafFirst.map(({ v1Compatibility }) => ({ v1Compatibility })),
  }
  const signed = signSchema1(Buffer.from(JSON.stringify(document, null, 3)), options)
  const result = parseManifest(signed, { contentType: MEDIA_TYPE.schema1Signed })
  return result.kind === 'schema1' ? result : undefined
}

function isLinuxAmd64({ os, architecture }: Pick<Platform, 'os' | 'architecture'>): boolean {
  const normal = normalizePlatform({ os, architecture })
  return normal.os === 'linux' && normal.architecture === 'amd64'
}
