import type { LookupFunction } from 'node:net'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Capabilities } from '../capabilities.ts'
import { OneByOne, type TagTurns } from '../one-by-one.ts'
import type { CallOptions, Registry, Repository } from '../registry.ts'
import { Authorizer } from './auth/authorizer.ts'
import type { CredentialSource } from './auth/credentials.ts'
import { TokenSource } from './auth/token.ts'
import { pingRegistry, probeCapabilities } from './capabilities.ts'
import { RegistryClient } from './client.ts'
import { createHttpRepository, type KnownDeletes } from './http-repository.ts'
import { ASK_AGAIN, type CatalogState, listRepositories } from './listing/repositories.ts'
import { searchRegistry } from './listing/search.ts'
import type { RegistryFacts } from './repository-context.ts'
import { parseEndpoint } from './wire/endpoint.ts'
import { type Timeouts, Transport } from './wire/transport.ts'

export interface HttpRegistryOptions {
  /** As configured: `hub`. */
  readonly name: string
  /** `https://registry.example.com:5000`, with a path where the registry is not at the root. */
  readonly url: string
  /** What a pull command names. Default: host and port of `url`. */
  readonly publicHost?: string
  /** Default: those in `url`, else anonymous. */
  readonly credentials?: CredentialSource | { readonly username: string; readonly password: string }
  /** PEM certificates trusted besides the public ones, for the registry and its token server. */
  readonly ca?: string
  /** Listed in addition to the catalog, or instead of it if there isn't one. */
  readonly repositories?: readonly RepositoryName[]
  /** Hosts (`auth.example.com` or with `:port`) that may ask for our credentials although they are not the registry's, and it or they are not https. */
  readonly tokenHosts?: readonly string[]
  /** Hosts on an internal network that the registry may redirect downloads to, in the same form. */
  readonly storageHosts?: readonly string[]
  readonly timeouts?: Timeouts
  /** Resolves the names of hosts that the registry sends us to. Default: the system's. */
  readonly lookup?: LookupFunction
  /** Default: of this client alone. */
  readonly tagTurns?: TagTurns
}

export interface HttpRegistry extends Registry {
  /** Whether it refuses `GET /v2/` without credentials. */
  asksForCredentials(call?: CallOptions): Promise<boolean>
  /** Ends its connections. */
  close(): Promise<void>
}

/**
 * A registry that speaks the OCI distribution protocol (distribution-spec 1.1; distribution 2.x and later).
 * @throws RegistryError `invalid` if the URL isn't valid; Error for certificates that aren't PEM
 */
export function createHttpRegistry(options: HttpRegistryOptions): HttpRegistry {
  const { userinfo, ...endpoint } = parseEndpoint(options.url)
  const trustedHosts = [...(options.tokenHosts ?? []), ...(options.storageHosts ?? [])]
  const { ca, timeouts, lookup } = options
  const transport = new Transport({ endpoint, trustedHosts, ca, timeouts, lookup })
  const tokens = new TokenSource(endpoint, transport, options.tokenHosts ?? [], options.timeouts)
  const authorizer = new Authorizer(endpoint.host, sourceOf(options.credentials ?? userinfo), tokens)
  const client = new RegistryClient(options.name, endpoint, transport, authorizer, options.timeouts)
  const catalog: CatalogState = {}
  const facts: RegistryFacts = { noReferrersUntil: new Map(), tagTurns: options.tagTurns ?? new OneByOne() }
  const deletes = new Map<RepositoryName, KnownDeletes>()
  let known: { readonly capabilities: Capabilities; readonly until: number } | undefined
  const registry: HttpRegistry = {
    name: options.name,
    kind: 'http',
    publicHost: options.publicHost ?? new URL(options.url).host,
    location: endpoint.origin + endpoint.prefix,
    async ping(call) {
      await pingRegistry(client, { ...call, always: true })
    },
    asksForCredentials: (call) => client.asksForCredentials(call?.signal),
    async capabilities(call) {
      if (known && known.until > Date.now()) return known.capabilities
      const capabilities = await probeCapabilities(client, call)
      const until = capabilities.catalog.state === 'yes' ? Number.POSITIVE_INFINITY : Date.now() + ASK_AGAIN
      if (capabilities.catalog.state !== 'unknown') known = { capabilities, until }
      return capabilities
    },
    repositories: (call) => listRepositories(client, catalog, options.repositories ?? [], call),
    search: (term, call) => searchRegistry(client, facts, term, call),
    repository: (name): Repository => createHttpRepository(registry, client, facts, deletes, name),
    close: () => transport.close(),
  }
  return registry
}

function sourceOf(credentials: HttpRegistryOptions['credentials']): CredentialSource | undefined {
  return credentials === undefined || typeof credentials === 'function' ? credentials : async () => credentials
}
