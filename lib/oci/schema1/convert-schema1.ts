import { type BuildHistoryEntry, parseV1Compatibility, schema1Config } from '../config.ts'
import type { Digest } from '../digest.ts'
import type { Schema1Document } from './schema1.ts'

/** A schema 1 image on its way to a kind that has a configuration. */
export interface ConvertedSchema1 {
  /** Base → leaf, with their duplicates; without those of steps that changed only the configuration. */
  readonly layers: readonly Digest[]
  /** The image configuration's bytes, which are as many whatever the digests are. @param diffIds one for each layer */
  config(diffIds: readonly Digest[]): Uint8Array
}

/** Fields that identify a v1 image and its place in the chain, but don't describe what it runs. */
const V1_ONLY = ['id', 'parent', 'Size', 'parent_id', 'layer_id', 'throwaway'] as const

/**
 * As Docker converts what it pulls (distribution, pull_v2.go and image/v1/imagev1.go): the leaf's v1 JSON is the
 * configuration, each v1 image a step of the history, and one marked `throwaway` has no layer.
 * @throws FormatError `schema1` for a malformed history
 */
export function convertSchema1(document: Schema1Document): ConvertedSchema1 {
  const { os, architecture, history } = schema1Config(document)
  const leaf = parseV1Compatibility(document.layers.at(-1)?.v1Compatibility ?? '{}')
  const kept = Object.entries(leaf).filter(([field]) => !V1_ONLY.some((name) => name === field))
  const fixed = { ...Object.fromEntries(kept), os, architecture, history: history.map(stepOf) }
  return {
    layers: document.layers.flatMap(({ digest }, index) => (history[index]?.emptyLayer ? [] : [digest])),
    config: (diffIds) => Buffer.from(JSON.stringify({ ...fixed, rootfs: { type: 'layers', diff_ids: diffIds } })),
  }
}

function stepOf({ created, createdBy, author, comment, emptyLayer }: BuildHistoryEntry): object {
  return { created, created_by: createdBy, author, comment, ...(emptyLayer && { empty_layer: true }) }
}
