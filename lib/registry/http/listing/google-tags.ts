import { isRecord } from '../../../oci/descriptor.ts'
import { isTag, type Tag } from '../../../oci/reference.ts'

/** 9999-12-31: later values aren't times, and can't be written in RFC 3339. */
const LATEST = 253_402_300_799_999

/**
 * Google's addition to `tags/list`, in Container Registry and Artifact Registry:
 * `manifest: {<digest>: {tag: [<tag>], timeUploadedMs: "<milliseconds since the epoch>"}}` (go-containerregistry,
 * `pkg/v1/google/list.go`). Adds to `times` when the image of each tag was uploaded; entries that make no sense are
 * passed over, as this is only an addition.
 */
export function readUploadTimes(document: unknown, times: Map<Tag, string>): void {
  const manifests = isRecord(document) && isRecord(document.manifest) ? document.manifest : {}
  for (const manifest of Object.values(manifests)) {
    if (!isRecord(manifest) || !Array.isArray(manifest.tag)) continue
    // Text, as ggcr reads it; a number would do.
    const milliseconds = Number(manifest.timeUploadedMs)
    // Google sends "0" if it doesn't know.
    if (!(milliseconds > 0 && milliseconds <= LATEST)) continue
    const time = new Date(milliseconds).toISOString()
    for (const tag of manifest.tag) if (isTag(tag)) times.set(tag, time)
  }
}
