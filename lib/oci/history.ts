import { type BuildHistoryEntry, type ImageConfig, schema1Config } from './config.ts'
import type { Descriptor } from './descriptor.ts'
import type { Digest } from './digest.ts'
import type { Manifest } from './manifest.ts'
import { schema1Layers } from './successors.ts'

/** One step of a build: a command, the layer it made, or both. */
export interface BuildStep {
  readonly createdBy?: string
  readonly created?: string
  readonly author?: string
  readonly comment?: string
  /** Absent for a step that changed only the configuration. */
  readonly layer?: StepLayer
  /** The history lists another number of layers than the manifest: which step made which layer is a guess. */
  readonly isGuess?: true
}

export interface StepLayer {
  /** Position in the manifest's layers, from 0 at the base. */
  readonly index: number
  readonly descriptor: Descriptor
  readonly diffId?: Digest
}

/**
 * The history of an image beside its layers, base → leaf. Entries that are not marked empty take the layers in turn;
 * layers without an entry follow at the end, and an entry that finds no layer left stands alone; where the numbers
 * differ all of them are marked as a guess.
 * @throws FormatError for a malformed schema 1 history
 */
export function buildSteps(manifest: Manifest, config?: ImageConfig): BuildStep[] {
  if (manifest.kind === 'schema1') {
    const { history } = config ?? schema1Config(manifest.document)
    // Even a step marked as throwaway has a blob in schema 1.
    return schema1Layers(manifest.document).map((descriptor, index) => step(history[index], { index, descriptor }))
  }
  if (manifest.kind !== 'oci-image' && manifest.kind !== 'schema2') return []
  const layers = manifest.layers.map((descriptor, index) => {
    const diffId = config?.diffIds[index]
    return { index, descriptor, ...(diffId && { diffId }) }
  })
  let next = 0
  const history = config?.history ?? []
  const isGuess = history.length > 0 && history.filter((entry) => !entry.emptyLayer).length !== layers.length
  const steps = history.map((entry) => step(entry, entry.emptyLayer ? undefined : layers[next++]))
  const all = [...steps, ...layers.slice(next).map((layer) => step(undefined, layer))]
  return isGuess ? all.map((each) => ({ ...each, isGuess })) : all
}

function step(entry: BuildHistoryEntry | undefined, layer: StepLayer | undefined): BuildStep {
  if (!entry) return { ...(layer && { layer }) }
  const { emptyLayer: _, ...said } = entry
  return layer ? { ...said, layer } : said
}
