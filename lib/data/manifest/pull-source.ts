import type { Actor } from '../../access/actor.ts'
import { maySeeSetup } from '../../access/authorize.ts'
import type { PullSource } from '../../format/pull-commands.ts'
import { isDigest } from '../../oci/digest.ts'
import type { Selector } from '../../oci/reference.ts'
import type { Registry, Repository } from '../../registry/registry.ts'

/**
 * Where tools pull from: a host, or the folder of an OCI layout that no host serves. Undefined if the visitor may not
 * know that folder.
 */
export async function sourceOf(
  actor: Actor,
  repository: Repository,
  reference: Selector,
): Promise<PullSource | undefined> {
  const host = hostOf(repository.registry)
  if (host) return host
  if (!maySeeSetup(actor)) return undefined
  const inside = isDigest(reference) ? undefined : await repository.nameInFolder(reference)
  return { layout: repository.registry.location, ...(inside !== undefined && { name: inside }) }
}

/** The host that serves a registry; undefined for a layout without one, where each tag has its own name. */
export function hostOf({ kind, name, publicHost, location }: Registry): PullSource | undefined {
  if (kind === 'layout' && publicHost === name) return undefined
  const url = URL.parse(location)
  // A public host with another name may well be behind TLS.
  const isPlainHttp = url?.protocol === 'http:' && url.host === publicHost
  return { host: publicHost, ...(isPlainHttp && { isPlainHttp }) }
}
