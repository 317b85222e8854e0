import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Digest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { encodeTarHeader, tarPadding } from '../../../oci/encode-tar-header.ts'
import { MEDIA_TYPE } from '../../../oci/media-type.ts'
import { MEMBER_OF, REF_NAME } from '../index-entry.ts'

export interface SampleDescriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly [field: string]: unknown
}

export interface SampleLayer extends SampleDescriptor {
  /** The digest of the tar before compression: kept out of the document. */
  readonly diffId: Digest
}

/** A file (text or bytes), a folder (`null`) or a symbolic link. */
export type SampleFile = string | Uint8Array | null | { readonly link: string }

/** Collects a small layout in memory. The same calls always make the same bytes. */
export class SampleLayout {
  readonly blobs = new Map<Digest, Uint8Array>()
  readonly entries: Record<string, unknown>[] = []

  blob(mediaType: string, content: Uint8Array | string): SampleDescriptor {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    return { mediaType, digest, size: bytes.byteLength }
  }

  json(mediaType: string, content: unknown): SampleDescriptor {
    return this.blob(mediaType, JSON.stringify(content))
  }

  layer(files: Readonly<Record<string, SampleFile>>, options: LayerOptions = {}): SampleLayer {
    const tar = packFiles(files)
    const { mediaType = MEDIA_TYPE.ociLayerGzip, compress = gzip } = options
    return { ...this.blob(mediaType, compress(tar)), diffId: digestOf(tar) }
  }

  /** Makes a manifest a member of the repository, or gives it tags there. */
  add(repository: string, manifest: SampleDescriptor, tags: readonly string[] = []): SampleDescriptor {
    const { mediaType, digest, size } = manifest
    const names = tags.map((tag) => ({ [REF_NAME]: `${repository}:${tag}` }))
    for (const annotations of names.length > 0 ? names : [{ [MEMBER_OF]: repository }])
      this.entries.push({ mediaType, digest, size, annotations })
    return manifest
  }
}

export interface LayerOptions {
  readonly mediaType?: string
  readonly compress?: (tar: Uint8Array) => Uint8Array
}

/** Node writes no time into the header, but the machine's system: 255 says unknown, everywhere alike. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 6 })
  packed[9] = 255
  return packed
}

/** Bytes that do not compress, as of a program: the same for the same seed. */
export function binary(seed: string, size: number): Uint8Array {
  return createHash('shake256', { outputLength: size }).update(seed).digest()
}

/** Seconds since 1970. */
const MADE = Date.parse('2026-01-01T00:00:00Z') / 1000

function packFiles(files: Readonly<Record<string, SampleFile>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const header = { path, mtime: MADE }
    if (content === null) return [encodeTarHeader({ ...header, type: 'directory' })]
    if (typeof content === 'object' && 'link' in content)
      return [encodeTarHeader({ ...header, type: 'symlink', linkPath: content.link, mode: 0o777 })]
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const mode = path.includes('bin/') ? 0o755 : 0o644
    const size = body.byteLength
    return [encodeTarHeader({ ...header, type: 'file', mode, size }), body, Buffer.alloc(tarPadding(size))]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
