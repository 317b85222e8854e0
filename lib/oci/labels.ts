import { type ImageConfig, schema1Config } from './config.ts'
import type { Manifest } from './manifest.ts'

export interface Label {
  readonly key: string
  readonly value: string
  readonly origin: 'config' | 'annotation'
  /** The config's value, where an annotation of the same key says something else. */
  readonly overrides?: string
  /** Set where the config has it as something else than text, which the specification forbids. */
  readonly type?: 'number' | 'boolean'
}

/**
 * The labels of a manifest, in the order of the documents. Schema 1: the leaf's; image, of Docker's type too: the
 * config's, overlaid by the manifest's annotations (crane and ko annotate both); artifact: annotations; an index has
 * none of its own.
 * @param config the image's configuration; not needed for schema 1, which embeds it
 * @throws FormatError for a malformed schema 1 history
 */
export function labelsOf(manifest: Manifest, config?: ImageConfig): Label[] {
  switch (manifest.kind) {
    case 'schema1':
      return fromConfig(config ?? schema1Config(manifest.document))
    case 'schema2':
    case 'oci-image':
    case 'oci-artifact':
      return overlay(config ? fromConfig(config) : [], manifest.annotations)
    case 'index':
    case 'unknown':
      return []
  }
}

function fromConfig({ labels, labelTypes }: ImageConfig): Label[] {
  return Array.from(labels, ([key, value]) => {
    const type = labelTypes?.get(key)
    return { key, value, origin: 'config', ...(type && { type }) }
  })
}

function overlay(labels: readonly Label[], annotations: ReadonlyMap<string, string>): Label[] {
  if (annotations.size === 0) return [...labels]
  const merged = new Map(labels.map((label) => [label.key, label]))
  for (const [key, value] of annotations) {
    const below = merged.get(key)?.value
    const overrides = below !== undefined && below !== value ? { overrides: below } : {}
    merged.set(key, { key, value, origin: 'annotation', ...overrides })
  }
  return [...merged.values()]
}
