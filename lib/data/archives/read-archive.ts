import 'server-only'
import type { Readable } from 'node:stream'
import type { Actor } from '../../access/actor.ts'
import { writeDockerArchive, writeOciArchive } from '../../image/archive/write-archive.ts'
import { flatten } from '../../image/flatten/flatten.ts'
import { hexOf, isDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { formatPlatform, type Platform, parsePlatform } from '../../oci/platform.ts'
import type { RepositoryName, Selector } from '../../oci/reference.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { ArchiveFormat } from '../../routes/archive-format.ts'
import { recordExport } from '../audit/record-export.ts'
import { openRepository } from '../registries/open.ts'

export interface ArchiveRequest extends Place {
  readonly reference: Selector
  readonly format: ArchiveFormat
  /** `os/arch[/variant]`. Without it an OCI archive holds every platform, the others the default one. */
  readonly platform?: string
}

export interface ArchiveDownload {
  readonly filename: string
  /** Bytes; absent where they are known only at the end. */
  readonly size?: number
  readonly stream: Readable
}

/** An image as a tar, streamed in constant memory. @throws RegistryError, FormatError, AccessError, AuditError before the first byte */
export async function readArchive(
  actor: Actor,
  request: ArchiveRequest,
  options: CallOptions,
): Promise<ArchiveDownload> {
  const { registry, repository, reference, format } = request
  const opened = openRepository(actor, 'export', { registry, repository })
  const platform = request.platform ? parsePlatform(request.platform) : undefined
  const at = isDigest(reference) ? { after: reference } : { tag: reference }
  await recordExport(actor, `image as ${format}`, { registry, repository, ...at })
  const filename = filenameOf(repository, reference, format, platform)
  const { stream, size } = await open(opened, reference, format, platform, options)
  return { filename, stream, ...(size !== undefined && { size }) }
}

async function open(
  repository: Repository,
  reference: Selector,
  format: ArchiveFormat,
  platform: Platform | undefined,
  options: CallOptions,
): Promise<{ readonly stream: Readable; readonly size?: number }> {
  switch (format) {
    case 'oci':
      return writeOciArchive(repository, reference, { ...options, ...(platform && { platforms: [platform] }) })
    case 'docker':
      return writeDockerArchive(repository, reference, { ...options, ...(platform && { platform }) })
    case 'rootfs':
      return flatten(repository, reference, { ...options, ...(platform && { platform }) })
  }
}

/** Letters, digits and `._-` only, so that it can stand in a header and on any file system. */
function filenameOf(
  repository: RepositoryName,
  reference: Selector,
  format: ArchiveFormat,
  platform: Platform | undefined,
): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  const version = isDigest(reference) ? hexOf(reference).slice(0, 12) : reference
  const parts = [name, version, ...(platform ? formatPlatform(platform).split('/') : [])]
  return `${parts.join('-').replace(/[^A-Za-z0-9._-]/g, '_')}.${format}.tar`
}
