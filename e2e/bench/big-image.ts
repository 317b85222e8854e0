import { randomFillSync } from 'node:crypto'
import { pushBlob, pushManifest } from '../servers/images.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const MIB = 1 << 20

/** Pushes an image of `layers` layers of `mebibytes` each that no compression can shrink. Returns its layers' digests. */
export async function pushBigImage(
  url: string,
  repository: string,
  tag: string,
  layers: number,
  mebibytes: number,
): Promise<string[]> {
  const config = await pushBlob(
    url,
    repository,
    Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', config: {} })),
  )
  const blobs: { mediaType: string; digest: string; size: number }[] = []
  for (let index = 0; index < layers; index++) {
    const { digest, size } = await pushBlob(url, repository, randomFillSync(Buffer.allocUnsafe(mebibytes * MIB)))
    blobs.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size })
  }
  await pushManifest(url, repository, [tag], MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: config.digest, size: config.size },
    layers: blobs,
  })
  return blobs.map(({ digest }) => digest)
}
