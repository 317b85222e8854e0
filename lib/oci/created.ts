import type { ImageConfig } from './config.ts'
import type { Manifest } from './manifest.ts'

const CREATED = 'org.opencontainers.image.created'

/**
 * The time that a document gives; undefined for Go's zero time, which ko, crane and cosign write for "not set", and for
 * what isn't a time.
 */
export function recordedTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.startsWith('0001-01-01T') || Number.isNaN(Date.parse(value))) return undefined
  return value
}

/** When a manifest's content was made: as its config says, else as its annotation does, which is all artifacts have. */
export function createdOf(manifest: Manifest, config: ImageConfig | undefined): string | undefined {
  return config?.created ?? recordedTime(manifest.annotations.get(CREATED))
}
