import type { Actor } from '../../access/actor.ts'
import { allows, allowsSomewhere, registryDecides } from '../../access/authorize.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import type { CredentialsConfig, RegistryConfig } from '../../config/registry-config.ts'
import { cached } from '../../registry/cache/cached.ts'
import { ContentCache } from '../../registry/cache/content-cache.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CredentialSource } from '../../registry/http/auth/credentials.ts'
import { dockerConfigCredentials } from '../../registry/http/auth/docker-config.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import type { Registry } from '../../registry/registry.ts'
import { accountRegistry } from './account-registries.ts'
import { tagTurnsOf } from './tag-turns.ts'

/** The configured registries, in the order of the configuration, opened once per process. */
function openRegistries(): ReadonlyMap<string, Registry> {
  return processWide('registries', () => {
    const cache = contentCache()
    return new Map(
      config().registries.map((entry) => {
        showConfigured(entry)
        return [entry.name, cached(open(entry), cache)]
      }),
    )
  })
}

/** Shared by all registries; one per process. */
export function contentCache(): ContentCache {
  return processWide('content-cache', () => new ContentCache())
}

/** The registries in which the actor may see anything. */
export function visibleRegistries(actor: Actor): Registry[] {
  return [...openRegistries().values()]
    .filter((registry) => allows(actor, 'browse', { registry: registry.name }))
    .map((registry) => asSeenBy(actor, registry))
}

/** Those of which the actor may see what Lading has recorded: not the one whose account they signed in with. */
export function recordedRegistries(actor: Actor): Registry[] {
  return visibleRegistries(actor).filter(({ name }) => !registryDecides(actor, name))
}

/** In the registry whose account they signed in with, people never use Lading's credentials. */
function asSeenBy(actor: Actor, registry: Registry): Registry {
  const isOwn = actor.kind === 'user' && actor.account && registryDecides(actor, registry.name)
  return isOwn ? accountRegistry(actor.account) : registry
}

/** The registries in which the actor may make tags, at least in some repository. */
export function writableRegistries(actor: Actor): Registry[] {
  return visibleRegistries(actor).filter(({ name }) => allowsSomewhere(actor, 'create-tag', name))
}

/** Whether there is anywhere that the actor may copy something to. */
export function mayCopy(actor: Actor): boolean {
  return writableRegistries(actor).length > 0
}

/** A registry by its configured name. One that may not be seen is the same as one that does not exist. @throws RegistryError `not-found` */
export function visibleRegistry(actor: Actor, name: string): Registry {
  const registry = openRegistries().get(name)
  if (registry && allows(actor, 'browse', { registry: name })) return asSeenBy(actor, registry)
  throw new RegistryError('not-found', `no registry is named ${name}`)
}

/** For work of the server itself, which no actor asks for. */
export function allRegistries(): Registry[] {
  return [...openRegistries().values()]
}

/** Likewise. */
export function registryByName(name: string): Registry | undefined {
  return openRegistries().get(name)
}

/** Repositories that the configuration names are shown before the registry was asked, and while it doesn't answer. */
function showConfigured(entry: RegistryConfig): void {
  if (entry.kind !== 'http') return
  for (const repository of entry.repositories ?? [])
    theCatalog()
      .catalog.recordRepository({ registry: entry.name, repository })
      .catch((error) => console.error(`The configured repositories of ${entry.name} could not be recorded`, error))
}

function open(entry: RegistryConfig): Registry {
  switch (entry.kind) {
    case 'http': {
      const { credentials, signIn: _, ...options } = entry
      const tagTurns = tagTurnsOf(entry.name)
      return createHttpRegistry({
        ...options,
        tagTurns,
        ...(credentials && { credentials: credentialSource(credentials) }),
      })
    }
    case 'layout':
      return createLayoutRegistry(entry)
  }
}

function credentialSource(credentials: CredentialsConfig): CredentialSource {
  if ('dockerConfig' in credentials) return dockerConfigCredentials(credentials.dockerConfig)
  return async () => credentials
}
