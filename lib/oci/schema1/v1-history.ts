import { createHash } from 'node:crypto'
import { parseImageConfig } from '../config.ts'
import { isRecord } from '../descriptor.ts'
import { type Digest, hexOf } from '../digest.ts'
import { type BuildStep, buildSteps } from '../history.ts'
import { isForeignLayer } from '../is-foreign-layer.ts'
import { parseJson } from '../json.ts'
import type { ImageManifest, Manifest } from '../manifest.ts'
import { isImageConfigType } from '../media-type.ts'
import type { Schema1Document } from './schema1.ts'

/** A gzipped empty tar: the layer that schema 1 gives a step that made none. A registry must hold it to take one. */
export const EMPTY_LAYER: Uint8Array = Buffer.from(
  '1f8b080000096e8800ff621805a360148c5800080000ffff2eafb5ef00040000',
  'hex',
)
export const EMPTY_LAYER_DIGEST = 'sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4' as Digest

/** What Go prints for a time that was never set. */
const NO_TIME = '0001-01-01T00:00:00Z'

/**
 * The layers of an image as schema 1 has them, base → leaf, each with its v1 image in JSON; undefined where the image
 * has no such form: no image config, or a layer that is remote, encrypted or compressed as no v1 client can read.
 *
 * Docker schema 2 and OCI record no v1 image ids, so they are derived as distribution does (schema1/config_builder.go):
 * SHA-256 over `<layer hex> <parent id>`, for the leaf over `<layer hex> <parent id> <config bytes>`. A step without a
 * layer stands for the empty tar. Other registries derive other ids; quay hashes the running list of digests.
 * @param config the bytes of the image config; not needed for schema 1, whose own ids are kept
 * @throws FormatError when the config is malformed
 */
export function v1History(manifest: Manifest, config?: Uint8Array): Schema1Document['layers'] | undefined {
  if (manifest.kind === 'schema1') return manifest.document.layers
  if (manifest.kind !== 'oci-image' && manifest.kind !== 'schema2') return undefined
  return config && isRepresentable(manifest) ? deriveHistory(manifest, config) : undefined
}

function isRepresentable(manifest: ImageManifest): boolean {
  const readable = manifest.layers.every((layer) => !isForeignLayer(layer) && !/zstd|\+encrypted/.test(layer.mediaType))
  return readable && isImageConfigType(manifest.config.mediaType)
}

function deriveHistory(manifest: ImageManifest, config: Uint8Array): Schema1Document['layers'] | undefined {
  const steps = buildSteps(manifest, parseImageConfig(config))
  const layers: { digest: Digest; v1Compatibility: string }[] = []
  let parent = ''
  for (const [index, step] of steps.entries()) {
    const isLeaf = index === steps.length - 1
    const digest = step.layer?.descriptor.digest ?? EMPTY_LAYER_DIGEST
    const id = idOf(`${hexOf(digest)} ${parent}`, isLeaf ? config : undefined)
    const own = { id, ...(parent && { parent }), ...(!step.layer && { throwaway: true }) }
    layers.push({ digest, v1Compatibility: JSON.stringify(isLeaf ? leafImage(config, own) : stepImage(step, own)) })
    parent = id
  }
  return layers.length > 0 ? layers : undefined
}

function idOf(text: string, config: Uint8Array | undefined): string {
  const hash = createHash('sha256').update(text)
  if (config) hash.update(' ').update(config)
  return hash.digest('hex')
}

/** Not runnable: it only has the form that v1 clients expect of a parent. */
function stepImage(step: BuildStep, own: { id: string; throwaway?: boolean }): object {
  const { throwaway, ...ids } = own
  return {
    ...ids,
    ...(step.author && { author: step.author }),
    ...(step.comment && { comment: step.comment }),
    created: step.created ?? NO_TIME,
    container_config: { Cmd: [step.createdBy ?? ''] },
    ...(throwaway && { throwaway }),
  }
}

function leafImage(config: Uint8Array, own: object): object {
  const document = parseJson(config)
  const { rootfs: _, history: __, ...rest } = isRecord(document) ? document : {}
  return { ...rest, ...own }
}
