import type { ImageConfig } from '../../oci/config.ts'
import { schema1Config } from '../../oci/config.ts'
import { diffFields, diffNamed, type FieldChange, type NamedChange } from './diff-fields.ts'
import { diffLayers, type LayerDiff } from './diff-layers.ts'
import type { ImageSide } from './image-side.ts'

/** The differences between two images, as plain values that can be sent to a browser. */
export interface ImageDiff extends LayerDiff {
  /** The manifest's and the configuration's single fields, those that neither side has left out. */
  readonly fields: readonly FieldChange[]
  /** Environment variables by name; of a name set twice the last counts, as it does when the image runs. */
  readonly env: readonly NamedChange[]
  /** Config labels and manifest annotations by key, each compared with its own kind: nothing is overlaid. */
  readonly labels: readonly LabelChange[]
}

export interface LabelChange extends NamedChange {
  readonly origin: 'config' | 'annotation'
}

/**
 * Compares two images of any kind. Pure, and quick for 5,000 labels and 500 layers.
 * @throws FormatError for a malformed schema 1 history
 */
export function diffImages(before: ImageSide, after: ImageSide): ImageDiff {
  const [a, b] = [embedConfig(before), embedConfig(after)]
  return {
    fields: diffFields(a, b),
    env: diffNamed(environmentOf(a.config), environmentOf(b.config)),
    labels: [
      ...withOrigin('config', diffNamed(a.config?.labels ?? new Map(), b.config?.labels ?? new Map())),
      ...withOrigin('annotation', diffNamed(a.manifest.annotations, b.manifest.annotations)),
    ],
    ...diffLayers(a, b),
  }
}

function embedConfig(side: ImageSide): ImageSide {
  if (side.config || side.manifest.kind !== 'schema1') return side
  return { manifest: side.manifest, config: schema1Config(side.manifest.document) }
}

function withOrigin(origin: LabelChange['origin'], changes: readonly NamedChange[]): LabelChange[] {
  return changes.map((change) => ({ ...change, origin }))
}

function environmentOf(config: ImageConfig | undefined): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  for (const entry of config?.env ?? []) {
    const equals = entry.indexOf('=')
    variables.set(equals < 0 ? entry : entry.slice(0, equals), equals < 0 ? '' : entry.slice(equals + 1))
  }
  return variables
}
