import type { ImageConfig } from './config.ts'
import type { Manifest } from './manifest.ts'
import { recordedTime } from './recorded-time.ts'

const CREATED = 'org.opencontainers.image.created'

/** When a manifest's content was made: as its config says, else as its annotation does, which is all artifacts have. */
export function createdOf(manifest: Manifest, config: ImageConfig | undefined): string | undefined {
  return config?.created ?? recordedTime(manifest.annotations.get(CREATED))
}
