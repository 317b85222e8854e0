import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import type { ImageManifest, Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { decompress } from '../tar/decompress.ts'
import { readTar } from '../tar/read-tar.ts'
import { cleanPath, decodeName } from '../tar/tar-entry.ts'
import { type ChartMetadata, chartMetadata } from './chart-metadata.ts'

/** A Helm chart as `helm push` stores it. */
export interface Chart {
  readonly metadata: ChartMetadata
  /** Its files without the folder around them, in the order of the archive: `values.yaml`, `templates/…`. */
  readonly files: readonly ChartFile[]
  /** The archive has more files than are listed. */
  readonly isCut: boolean
  /** A provenance file, Helm's kind of signature, comes with it. It isn't verified. */
  readonly isSigned: boolean
}

export interface ChartFile {
  readonly path: string
  readonly size: number
  /** Absent where it's binary, or too large to show. */
  readonly text?: string
}

const CONTENT = /^application\/(?:vnd\.cncf\.helm\.chart\.content\.v1\.tar\+gzip|tar\+gzip)$/
const PROVENANCE = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

/** Helm itself refuses a chart of more than 1 MiB once it's installed; archives with subcharts are a few. */
const MAX_ARCHIVE = 32 * 1024 * 1024
const MAX_UNPACKED = 128 * 1024 * 1024
const MAX_FILES = 2000
const MAX_FILE = 256 * 1024
const MAX_TEXT = 8 * 1024 * 1024

export function isChart(manifest: Manifest): manifest is ImageManifest {
  return manifest.kind === 'oci-image' && manifest.config.mediaType === MEDIA_TYPE.helmConfig
}

/**
 * Reads a chart's metadata and files. Files of more than 256 KiB and binary ones are named without their text.
 * @throws RegistryError `too-large` for an archive over 32 MiB; FormatError `tar`, `json`
 */
export async function readChart(
  repository: Repository,
  manifest: ImageManifest,
  { signal }: CallOptions = {},
): Promise<Chart> {
  const options = { ...(signal && { signal }) }
  const content = manifest.layers.find(({ mediaType }) => CONTENT.test(mediaType))
  const metadata = chartMetadata(parseJson(await repository.blobBytes(manifest.config.digest, options)))
  if (!metadata) throw new FormatError('json', 'another value', 'an object with the fields of Chart.yaml')
  const isSigned = manifest.layers.some(({ mediaType }) => mediaType === PROVENANCE)
  if (!content) return { metadata, isSigned, files: [], isCut: false }
  if (content.size > MAX_ARCHIVE)
    throw new RegistryError('too-large', `the chart’s archive has ${content.size} bytes, more than ${MAX_ARCHIVE}`, {
      host: repository.registry.location,
      repository: repository.name,
    })
  const { stream } = await repository.blob(content.digest, options)
  try {
    return { metadata, isSigned, ...(await filesIn(decompress(stream, { maxBytes: MAX_UNPACKED }))) }
  } finally {
    stream.destroy()
  }
}

async function filesIn(tar: AsyncIterable<Buffer>): Promise<Pick<Chart, 'files' | 'isCut'>> {
  const files: ChartFile[] = []
  let left = MAX_TEXT
  for await (const { entry, body } of readTar(tar)) {
    if (entry.type !== 'file') continue
    if (files.length === MAX_FILES) return { files, isCut: true }
    const path = withoutFolder(decodeName(cleanPath(entry.path)))
    const text = entry.size <= Math.min(MAX_FILE, left) ? await textOf(body) : undefined
    if (text !== undefined) left -= entry.size
    files.push({ path, size: entry.size, ...(text !== undefined && { text }) })
  }
  return { files, isCut: false }
}

/** Every chart is in one folder that has its name. */
function withoutFolder(path: string): string {
  return path.slice(path.indexOf('/') + 1)
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
