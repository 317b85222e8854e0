import type { PullSource } from '../../format/pull-commands.ts'
import { isDigest } from '../../oci/digest.ts'
import type { TagOrDigest } from '../../oci/reference.ts'
import type { Registry, Repository } from '../../registry/registry.ts'

/** Where tools pull from: a host, or the folder of an OCI layout that no host serves. */
export async function sourceOf(repository: Repository, reference: TagOrDigest): Promise<PullSource> {
  const host = hostOf(repository.registry)
  if (host) return host
  const inside = isDigest(reference) ? undefined : await repository.nameInFolder(reference)
  return { layout: repository.registry.location, ...(inside !== undefined && { name: inside }) }
}

/** The host that serves a registry; undefined for a layout without one, where each tag has a name of its own. */
export function hostOf({ kind, name, publicHost, location }: Registry): PullSource | undefined {
  if (kind === 'layout' && publicHost === name) return undefined
  const url = URL.parse(location)
  // A public host of another name may well stand behind TLS.
  const isPlainHttp = url?.protocol === 'http:' && url.host === publicHost
  return { host: publicHost, ...(isPlainHttp && { isPlainHttp }) }
}
