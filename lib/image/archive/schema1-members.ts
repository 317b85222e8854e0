import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import type { Digest } from '../../oci/digest.ts'
import { Digester, digestOf } from '../../oci/digester.ts'
import type { Schema1Manifest } from '../../oci/manifest.ts'
import { convertSchema1 } from '../../oci/schema1/convert-schema1.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { BlobRead, CallOptions, Repository } from '../../registry/registry.ts'
import { measureSizes } from '../inspect/image-sizes.ts'
import { decompress } from '../tar/decompress.ts'
import { blobPath, dockerManifest } from './archive-documents.ts'
import type { ArchiveMember } from './archive-stream.ts'

/** Stands for a DiffID that is not known yet: all are of one length. */
const UNKNOWN_DIFF_ID = digestOf('')

/**
 * A schema 1 image as the files of a `docker save` archive, converted on the way. Its configuration names the digests
 * of the layers' uncompressed bytes, which are unknown until the layers have been read, so it comes last. Its length is
 * known at once.
 * @throws RegistryError `missing-content` for a layer that is not there; FormatError `schema1`
 */
export async function schema1Members(
  repository: Repository,
  manifest: Schema1Manifest,
  { name, signal }: CallOptions & { readonly name?: string | undefined } = {},
): Promise<ArchiveMember[]> {
  const options = { signal }
  const { layers, config } = convertSchema1(manifest.document)
  const sizes = await layerSizes(repository, manifest, layers, options)
  const diffIds = new Map<Digest, Digest>()
  const configBytes = () => config(layers.map((digest) => diffIds.get(digest) ?? UNKNOWN_DIFF_ID))
  return [
    dockerManifest('config.json', layers, name),
    ...[...sizes].map(([digest, size]) => ({
      path: blobPath(digest),
      size,
      content: async () => {
        const read = await repository.blob(digest, options)
        return withStream(
          read,
          passAndHash(read.stream, (diffId) => diffIds.set(digest, diffId)),
        )
      },
    })),
    { path: 'config.json', size: configBytes().byteLength, content: async () => inMemory(configBytes()) },
  ]
}

/** Each distinct layer once, in the order of the layers. */
async function layerSizes(
  repository: Repository,
  manifest: Schema1Manifest,
  layers: readonly Digest[],
  options: CallOptions,
): Promise<Map<Digest, number>> {
  const measured = await measureSizes(repository, manifest, options)
  const known = new Map(measured?.layers.map(({ digest, size }) => [digest, size]))
  return new Map(
    layers.map((digest) => {
      const size = known.get(digest)
      if (size !== undefined) return [digest, size]
      throw new RegistryError('missing-content', `${repository.name} does not say how large the layer ${digest} is`, {
        host: repository.registry.location,
        repository: repository.name,
        expected: digest,
      })
    }),
  )
}

/** The bytes as they are; once all have passed, the digest of what they unpack to. Fails as `decompress` does. */
async function* passAndHash(source: Readable, found: (diffId: Digest) => void): AsyncGenerator<Uint8Array, void> {
  const copy = new PassThrough()
  const hashed = digestOfUnpacked(copy)
  // Thrown below, where it is awaited: a failure of the source may come first.
  hashed.catch(() => {})
  try {
    for await (const chunk of source) {
      // The reader may be done before the end, or have failed.
      if (copy.destroyed) await hashed
      else if (!copy.write(chunk)) await Promise.race([once(copy, 'drain'), hashed])
      yield chunk
    }
    copy.end()
    found(await hashed)
  } finally {
    copy.destroy()
    source.destroy()
  }
}

async function digestOfUnpacked(packed: Readable): Promise<Digest> {
  const digester = new Digester()
  for await (const chunk of decompress(packed)) digester.update(chunk)
  return digester.digest()
}

function inMemory(bytes: Uint8Array): BlobRead {
  return { size: bytes.byteLength, verified: true, stream: Readable.from([bytes], { objectMode: false }) }
}

function withStream(read: BlobRead, chunks: AsyncIterable<Uint8Array>): BlobRead {
  return { ...read, stream: Readable.from(chunks, { objectMode: false }) }
}
