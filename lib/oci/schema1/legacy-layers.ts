import { createHash } from 'node:crypto'
import { parseV1Compatibility } from '../config.ts'
import type { Digest } from '../digest.ts'
import type { Manifest } from '../manifest.ts'
import { v1History } from './v1-history.ts'

/** One v1 image of a chain. */
export interface LegacyLayer {
  readonly id: string
  readonly parent?: string
  /** The layer that holds its files. */
  readonly digest: Digest
  readonly created?: string
  readonly author?: string
  readonly comment?: string
  /** What made it, one string for each argument. */
  readonly command?: readonly string[]
  /** Its JSON, with the ids above. */
  readonly v1Compatibility: string
  /** The id that the manifest gives it, where another image already had that id with other content. */
  readonly rewrittenFrom?: string
}

/**
 * The v1 images of an image, base → leaf, fit to stand beside those that are known already. Where a known id has other
 * content, that image and all after it get new ids: the SHA-256 over `digest@v1Compatibility|` of every layer so far.
 * @param known digests of the layers of the v1 images that exist, by id
 * @param config the bytes of the image config; not needed for schema 1
 * @returns undefined when the manifest has no v1 form: see `v1History`
 * @throws FormatError when the config or the history is malformed
 */
export function generateLegacyLayers(
  manifest: Manifest,
  config: Uint8Array | undefined,
  known: ReadonlyMap<string, Digest>,
): LegacyLayer[] | undefined {
  const soFar = createHash('sha256')
  const ids = new Map<string, string>()
  let isRewriting = false
  return v1History(manifest, config)?.map(({ digest, v1Compatibility }) => {
    soFar.update(`${digest}@${v1Compatibility}|`)
    const image = parseV1Compatibility(v1Compatibility)
    const original = text(image.id) ?? ''
    const existing = known.get(original)
    isRewriting ||= existing !== undefined && existing !== digest
    const id = isRewriting ? soFar.copy().digest('hex') : original
    ids.set(original, id)
    const parent = text(image.parent)
    return describe({ digest, image, id, parent: parent && (ids.get(parent) ?? parent), original, v1Compatibility })
  })
}

function describe({
  digest,
  image,
  id,
  parent,
  original,
  v1Compatibility,
}: {
  digest: Digest
  image: Record<string, unknown>
  id: string
  parent: string | undefined
  original: string
  v1Compatibility: string
}): LegacyLayer {
  const [created, author, comment] = [text(image.created), text(image.author), text(image.comment)]
  const command = commandOf(image)
  const isRewritten = id !== original
  return {
    id,
    ...(parent && { parent }),
    digest,
    ...(created && { created }),
    ...(author && { author }),
    ...(comment && { comment }),
    ...(command && { command }),
    v1Compatibility: isRewritten ? JSON.stringify({ ...image, id, ...(parent && { parent }) }) : v1Compatibility,
    ...(isRewritten && { rewrittenFrom: original }),
  }
}

function commandOf(image: Record<string, unknown>): readonly string[] | undefined {
  const built = image.container_config
  const command: unknown = typeof built === 'object' && built !== null && 'Cmd' in built ? built.Cmd : undefined
  return Array.isArray(command) ? command.filter((part) => typeof part === 'string') : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
