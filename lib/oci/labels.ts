import { type ImageConfig, schema1Config } from './config.ts'
import type { Manifest } from './manifest.ts'

export interface Label {
  readonly key: string
  readonly value: string
  readonly origin: 'config' | 'annotation'
  /** The config's value, where an annotation of the same key says something else. */
  readonly overrides?: string
}

/**
 * The labels of a manifest, in the order of the documents. Schema 1: the leaf's; Docker schema 2: the config's;
 * OCI image: the config's, overlaid by the manifest's annotations; artifact: annotations; an index has none of its own.
 * @param config the image's configuration; not needed for schema 1, which embeds it
 * @throws FormatError for a malformed schema 1 history
 */
export function labelsOf(manifest: Manifest, config?: ImageConfig): Label[] {
  switch (manifest.kind) {
    case 'schema1':
      return fromConfig((config ?? schema1Config(manifest.document)).labels)
    case 'schema2':
      return fromConfig(config?.labels ?? new Map())
    case 'oci-image':
      return overlay(config?.labels ?? new Map(), manifest.annotations)
    case 'oci-artifact':
      return overlay(new Map(), manifest.annotations)
    case 'index':
    case 'unknown':
      return []
  }
}

function fromConfig(labels: ReadonlyMap<string, string>): Label[] {
  return Array.from(labels, ([key, value]) => ({ key, value, origin: 'config' }))
}

function overlay(labels: ReadonlyMap<string, string>, annotations: ReadonlyMap<string, string>): Label[] {
  const merged = new Map(fromConfig(labels).map((label) => [label.key, label]))
  for (const [key, value] of annotations) {
    const below = labels.get(key)
    const overrides = below !== undefined && below !== value ? { overrides: below } : {}
    merged.set(key, { key, value, origin: 'annotation', ...overrides })
  }
  return [...merged.values()]
}
