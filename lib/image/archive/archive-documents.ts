import { algorithmOf, type Digest, hexOf } from '../../oci/digest.ts'
import type { ArchiveMember } from './archive-stream.ts'

/** A JSON file of an archive. */
export function documentMember(path: string, value: unknown): ArchiveMember {
  const content = Buffer.from(JSON.stringify(value))
  return { path, size: content.byteLength, content }
}

/** The `manifest.json` by which `docker load` finds one image. */
export function dockerManifest(config: string, layers: readonly Digest[], name: string | undefined): ArchiveMember {
  return documentMember('manifest.json', [
    { Config: config, RepoTags: name ? [name] : null, Layers: layers.map(blobPath) },
  ])
}

export function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`
}
