import { AccessError } from '../../access/access-error.ts'
import type { RegistryAccount } from '../../access/actor.ts'
import { type HeldAccount, heldAccount } from '../../access/sessions/held-accounts.ts'
import { MemoryCatalog } from '../../catalog/memory/memory-catalog.ts'
import { CatalogReader } from '../../catalog/read-through/catalog-reader.ts'
import { keepApart } from '../../catalog/the-catalog.ts'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import type { HttpRegistryConfig } from '../../config/registry-config.ts'
import { cached } from '../../registry/cache/cached.ts'
import { ContentCache } from '../../registry/cache/content-cache.ts'
import { createHttpRegistry, type HttpRegistry } from '../../registry/http/http-registry.ts'
import type { Registry } from '../../registry/registry.ts'
import { tagTurnsOf } from './tag-turns.ts'

/** Milliseconds that what the registry has shown to an account is remembered: it may have lost the right since. */
const REMEMBERED = 5 * 60_000
/** Bytes of content by digest for all accounts together, and of lists for each of them. */
const CONTENT = 64 * 1024 * 1024
const LISTS = 8 * 1024 * 1024

interface Opened {
  readonly client: HttpRegistry
  view: { readonly registry: Registry; readonly since: number }
  views: number
}

/**
 * A registry as one account sees it: with that account's credentials and no others, and with a memory that no other
 * session shares.
 * @throws AccessError `account-gone` when the credentials are no longer held
 */
export function accountRegistry({ session }: RegistryAccount): Registry {
  const account = heldAccount(session)
  const entry = account && signInRegistry(account.registry)
  if (!account || !entry) throw new AccessError('account-gone')
  const all = processWide('account-registries', () => new WeakMap<HeldAccount, Opened>())
  const opened = all.get(account) ?? open(account, entry)
  all.set(account, opened)
  if (performance.now() - opened.view.since > REMEMBERED) opened.view = viewOf(opened.client, account, ++opened.views)
  return opened.view.registry
}

/** A configured registry whose accounts people may sign in with. */
export function signInRegistry(name: string): HttpRegistryConfig | undefined {
  return signInRegistries().find((entry) => entry.name === name)
}

export function signInRegistries(): HttpRegistryConfig[] {
  return config().registries.filter((entry): entry is HttpRegistryConfig => entry.kind === 'http' && !!entry.signIn)
}

/**
 * A client for a registry with a person's own credentials. Repositories that the configuration lists are left out: the
 * account may not be allowed to know of them.
 */
export function clientFor(
  { credentials: _, repositories: __, signIn: ___, ...options }: HttpRegistryConfig,
  own?: { readonly username: string; readonly password: string },
): HttpRegistry {
  const tagTurns = tagTurnsOf(options.name)
  return createHttpRegistry({ ...options, tagTurns, ...(own && { credentials: async () => own }) })
}

function open(account: HeldAccount, entry: HttpRegistryConfig): Opened {
  const client = clientFor(entry, account.credentials)
  account.dropped.addEventListener('abort', () => void client.close().catch(console.error), { once: true })
  return { client, view: viewOf(client, account, 0), views: 0 }
}

function viewOf(client: HttpRegistry, { session }: HeldAccount, number: number): Opened['view'] {
  const content = processWide('account-content', () => new ContentCache(CONTENT))
  const registry = cached(client, content, `${session} ${number}`)
  keepApart(registry, new CatalogReader(new MemoryCatalog({ limit: LISTS })))
  return { registry, since: performance.now() }
}
