import { type Descriptor, readDescriptor } from './descriptor.ts'
import { FormatError } from './format-error.ts'
import type { ImageManifest, ManifestBase } from './manifest.ts'
import { isImageConfigType, MEDIA_TYPE } from './media-type.ts'

/** Reads the fields of an OCI image manifest or a Docker schema 2 manifest. @throws FormatError */
export function readImageManifest(base: ManifestBase, document: Record<string, unknown>): ImageManifest {
  const config = readDescriptor(document.config, 'config')
  const declared = typeof document.artifactType === 'string' ? document.artifactType : ''
  const artifactType = declared || (isImageConfigType(config.mediaType) ? '' : config.mediaType)
  return {
    kind: base.mediaType === MEDIA_TYPE.dockerManifest ? 'schema2' : 'oci-image',
    schemaVersion: 2,
    ...base,
    config,
    layers: readDescriptors(document.layers, 'layers'),
    ...(artifactType && { artifactType }),
    ...readSubject(document),
  }
}

/** A list of descriptors. `null` and a missing field are an empty list, which is what Go writes for one. */
export function readDescriptors(value: unknown, where: string): readonly Descriptor[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new FormatError('manifest', value, `a list at ${where}`)
  return value.map((item, index) => readDescriptor(item, `${where}[${index}]`))
}

/** The `subject` field as a property, where there is one. */
export function readSubject(document: Record<string, unknown>): { subject?: Descriptor } {
  const { subject } = document
  return subject === undefined || subject === null ? {} : { subject: readDescriptor(subject, 'subject') }
}
