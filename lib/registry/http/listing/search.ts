import { isRecord } from '../../../oci/descriptor.ts'
import { FormatError } from '../../../oci/format-error.ts'
import { parseJson } from '../../../oci/json.ts'
import { isRepositoryName, type RepositoryName } from '../../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { RepositorySearch, SearchOptions } from '../../registry.ts'
import type { RegistryClient } from '../client.ts'
import type { RegistryFacts } from '../repository-context.ts'

const MAX_ANSWER = 1024 * 1024
const DEFAULT_LIMIT = 100
const MAX_TERM = 255
/** Milliseconds after which a registry that had no search is asked again. */
const NONE_FOR = 600_000

/**
 * The search that Docker's first registry protocol had and that `docker search` and `podman search` still ask:
 * `GET /v1/search?q=<term>&n=<limit>` beside `/v2/`. Quay, Artifactory, Nexus and Docker Hub (at `index.docker.io`, not at
 * `registry-1.docker.io`) have it; distribution, Harbor and the clouds' registries do not. How they match is up to them:
 * some look into descriptions too. Undefined if the answer isn't a search result, which is remembered for ten minutes.
 * @throws RegistryError when the registry is in trouble
 */
export async function searchRegistry(
  client: RegistryClient,
  facts: RegistryFacts,
  term: string,
  { limit = DEFAULT_LIMIT, signal }: SearchOptions = {},
): Promise<RepositorySearch | undefined> {
  signal?.throwIfAborted()
  if (term === '' || term.length > MAX_TERM || (facts.noSearchUntil ?? 0) > Date.now()) return undefined
  const { origin, prefix, host } = client.endpoint
  const query = new URLSearchParams({ q: term, n: String(limit) })
  try {
    const to = { origin, path: `${prefix}/v1/search?${query}` }
    const { bytes } = await client.read({ method: 'GET', to, scopes: [], signal }, MAX_ANSWER)
    return { ...readAnswer(bytes, host, limit), evidence: 'GET /v1/search' }
  } catch (error) {
    if (!isRefusal(error)) throw error
    facts.noSearchUntil = Date.now() + NONE_FOR
    return undefined
  }
}

/** `{num_results, results: [{name, is_official, …}]}`. Names of Docker's official images lack their namespace. */
function readAnswer(bytes: Uint8Array, host: string, limit: number) {
  const document = parseJson(bytes)
  if (!isRecord(document) || !Array.isArray(document.results))
    throw new RegistryError('malformed', `${host} didn’t answer with a list of repositories`, { host })
  const names = new Set<RepositoryName>()
  for (const result of document.results.filter(isRecord)) {
    // Some repeat their own name before that of the repository.
    const given = typeof result.name === 'string' ? result.name : ''
    const name = given.startsWith(`${host}/`) ? given.slice(host.length + 1) : given
    const full = result.is_official === true && !name.includes('/') ? `library/${name}` : name
    if (isRepositoryName(full)) names.add(full)
  }
  const total = Number(document.num_results)
  return {
    names: [...names].slice(0, limit),
    total: Number.isSafeInteger(total) ? Math.max(total, names.size) : names.size,
  }
}

/** Refused, redirected elsewhere, or answered by something else, as a web page for every path: there is no search. */
function isRefusal(error: unknown): boolean {
  if (error instanceof FormatError) return true
  return isRegistryError(
    error,
    'not-found',
    'unauthorized',
    'denied',
    'unsupported',
    'invalid',
    'malformed',
    'too-large',
    'unsafe-redirect',
  )
}
