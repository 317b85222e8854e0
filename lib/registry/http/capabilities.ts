import type { Capabilities, Capability } from '../capabilities.ts'
import { isRegistryError, RegistryError } from '../errors.ts'
import type { CallOptions } from '../registry.ts'
import { CATALOG_SCOPE } from './auth/token-scope.ts'
import type { HttpRequest, RegistryClient } from './client.ts'
import { discard, type HttpResponse, header } from './wire/transport.ts'

/** How to recognise products at `/v2/`. The first match counts. */
const PRODUCTS: readonly {
  readonly header: string
  readonly pattern?: RegExp
  readonly name: string
  readonly version?: boolean
}[] = [
  { header: 'gitlab-container-registry-version', name: 'GitLab', version: true },
  { header: 'x-jfrog-version', name: 'Artifactory', version: true },
  { header: 'x-artifactory-id', name: 'Artifactory' },
  { header: 'x-github-request-id', name: 'GitHub Container Registry' },
  { header: 'x-ms-correlation-request-id', name: 'Azure Container Registry' },
  { header: 'server', pattern: /^nexus/i, name: 'Nexus' },
  { header: 'server', pattern: /^zot/i, name: 'zot' },
  { header: 'docker-distribution-api-version', pattern: /^registry\/2/i, name: 'distribution' },
]

/** `GET /v2/`. @throws RegistryError `malformed` when something else answers there */
export async function pingRegistry(
  client: RegistryClient,
  { signal, always = false }: CallOptions & Pick<HttpRequest, 'always'> = {},
): Promise<HttpResponse> {
  const response = await client.send({ method: 'GET', to: '', scopes: [], always, signal })
  await discard(response)
  if (header(response, 'content-type')?.includes('html')) {
    const { host } = client.endpoint
    throw new RegistryError('malformed', `${host} answers with a web page: it may not be a registry`, {
      host,
      status: response.status,
    })
  }
  return response
}

/** What `/v2/` and the catalog reveal. @throws RegistryError when the registry is unreachable or refuses access */
export async function probeCapabilities(client: RegistryClient, options: CallOptions = {}): Promise<Capabilities> {
  const ping = await pingRegistry(client, options)
  const catalog = await probeCatalog(client, options)
  const product = productOf(ping)
  return { catalog, ...(product !== undefined && { product }) }
}

async function probeCatalog(client: RegistryClient, options: CallOptions): Promise<Capability> {
  const request = 'GET /v2/_catalog'
  try {
    await client.head({ method: 'GET', to: '_catalog?n=1', scopes: CATALOG_SCOPE, signal: options.signal })
    return { state: 'yes', evidence: `${request} answered 200` }
  } catch (error) {
    if (!isRegistryError(error) || error.status === undefined) throw error
    const state = isRegistryError(error, 'denied', 'unauthorized', 'unsupported', 'not-found') ? 'no' : 'unknown'
    return { state, evidence: `${request} answered ${error.status}${error.codes[0] ? ` ${error.codes[0]}` : ''}` }
  }
}

function productOf(ping: HttpResponse): string | undefined {
  for (const { header: name, pattern, name: product, version } of PRODUCTS) {
    const value = header(ping, name)
    if (value !== undefined && (!pattern || pattern.test(value)))
      return version ? `${product} ${value.slice(0, 30)}` : product
  }
  return undefined
}
