import { readArtifactManifest } from './artifact-manifest.ts'
import { isRecord, stringMapOf } from './descriptor.ts'
import { algorithmOf, type Digest } from './digest.ts'
import { digestOf } from './digester.ts'
import { fieldNames, refuseLookalikes } from './field-names.ts'
import { FormatError } from './format-error.ts'
import { deepFreeze } from './freeze.ts'
import { readImageManifest } from './image-manifest.ts'
import { readIndexManifest } from './index-manifest.ts'
import type { Manifest, ManifestBase } from './manifest.ts'
import { bareMediaType, isIndexType, MEDIA_TYPE } from './media-type.ts'
import { readSchema1Manifest } from './schema1/schema1-manifest.ts'
import { parseWideJson } from './wide-json.ts'

/** Content types that servers fall back to when they know none: S3 says `binary/octet-stream`. */
const SAYS_NOTHING = /^(?:|(?:application|binary|text)\/(?:x-)?(?:json|octet-stream|plain))$/

/** Fields that decide what a document is. */
const STRUCTURE = fieldNames(
  'schemaVersion',
  'mediaType',
  'config',
  'layers',
  'manifests',
  'blobs',
  'fsLayers',
  'history',
  'subject',
  'artifactType',
  'annotations',
)

/**
 * Reads a manifest of any kind. The bytes stay authoritative: the digest is theirs (for signed schema 1, that of the
 * signed payload) and is not compared with `options.digest`, which only chooses the algorithm.
 * A media type or a schema version that Lading does not know gives kind `unknown`; a missing type is found from the content.
 * @param options.contentType the Content-Type header of the answer
 * @throws FormatError `json` when it isn't JSON · `manifest-ambiguous` when it can be read as two kinds (CVE-2021-41190)
 *   · `manifest-media-type` when header and body disagree · `manifest`, `descriptor`, `schema1` when fields are malformed
 */
export function parseManifest(bytes: Uint8Array, options: { contentType?: string; digest?: Digest } = {}): Manifest {
  const { document: value, fields } = parseWideJson(bytes, ['annotations'])
  const document = isRecord(value) ? value : {}
  refuseAmbiguous(document)
  const mediaType = chooseMediaType(document, options.contentType)
  const algorithm = options.digest ? algorithmOf(options.digest) : 'sha256'
  const base: ManifestBase = {
    mediaType,
    digest: digestOf(bytes, algorithm),
    size: bytes.byteLength,
    bytes,
    annotations: stringMapOf(fields),
  }
  return deepFreeze(readKind(base, document))
}

function readKind(base: ManifestBase, document: Record<string, unknown>): Manifest {
  const { mediaType } = base
  const version = document.schemaVersion
  if (mediaType === MEDIA_TYPE.ociArtifact) return readArtifactManifest(base, document)
  if (version === 2 && isIndexType(mediaType)) return readIndexManifest(base, document)
  if (version === 2 && (mediaType === MEDIA_TYPE.ociManifest || mediaType === MEDIA_TYPE.dockerManifest))
    return readImageManifest(base, document)
  if (version === 1 && (mediaType === MEDIA_TYPE.schema1 || mediaType === MEDIA_TYPE.schema1Signed))
    return readSchema1Manifest(base, document)
  return { kind: 'unknown', ...base }
}

function chooseMediaType(document: Record<string, unknown>, contentType: string | undefined): string {
  const bare = bareMediaType(contentType)
  const header = SAYS_NOTHING.test(bare) ? '' : bare
  const body = typeof document.mediaType === 'string' ? bareMediaType(document.mediaType) : ''
  if (header && body && header !== body)
    throw new FormatError('manifest-media-type', body, `the media type of the answer, ${header}`)
  return header || body || sniffMediaType(document)
}

/** Only OCI lets the type be left out, so that is the answer unless what the document points at is Docker's. */
function sniffMediaType(document: Record<string, unknown>): string {
  if (document.schemaVersion === 1 && Array.isArray(document.fsLayers))
    return isSigned(document) ? MEDIA_TYPE.schema1Signed : MEDIA_TYPE.schema1
  if (document.schemaVersion !== 2) return ''
  if (Array.isArray(document.manifests)) {
    const isDocker =
      document.manifests.length > 0 && document.manifests.every((m) => mediaTypeOf(m).includes('.docker.'))
    return isDocker ? MEDIA_TYPE.dockerList : MEDIA_TYPE.ociIndex
  }
  if (!isRecord(document.config)) return ''
  return mediaTypeOf(document.config).includes('.docker.') ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest
}

function isSigned(document: Record<string, unknown>): boolean {
  return Array.isArray(document.signatures) && document.signatures.length > 0
}

function mediaTypeOf(value: unknown): string {
  return isRecord(value) && typeof value.mediaType === 'string' ? value.mediaType : ''
}

function refuseAmbiguous(document: Record<string, unknown>): void {
  const has = (name: string) => document[name] !== undefined && document[name] !== null
  const kinds = [
    has('manifests') && 'manifests',
    (has('layers') || has('config')) && 'layers',
    has('blobs') && 'blobs',
    has('fsLayers') && 'fsLayers',
  ].filter((kind) => kind !== false)
  if (kinds.length > 1) throw new FormatError('manifest-ambiguous', kinds.join(' and '), 'a manifest of one kind')
  refuseLookalikes(document, STRUCTURE, 'manifest-ambiguous')
}
