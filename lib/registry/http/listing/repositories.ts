import { isRecord } from '../../../oci/descriptor.ts'
import { isRepositoryName, type RepositoryName } from '../../../oci/reference.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import { COMPLETE, type Listing } from '../../listing.ts'
import type { CallOptions } from '../../registry.ts'
import { CATALOG_SCOPE } from '../auth/token-scope.ts'
import { pingRegistry } from '../capabilities.ts'
import type { RegistryClient } from '../client.ts'
import { neverConnected } from '../wire/failure.ts'
import type { Address } from '../wire/redirect.ts'
import { followPages, type HttpPage, type PageItems, readPage } from './pagination.ts'

/** The largest page first: each page of distribution walks all repositories up to it, so that ten cost ten times one. */
const PAGE_SIZES = [10_000, 1_000, undefined] as const

/** Milliseconds after which newly granted rights are noticed. */
export const ASK_AGAIN = 60_000

/** Milliseconds after which the largest page is tried again: the registry may have been busy. */
const SMALLER_FOR = 3_600_000

export interface CatalogState {
  /** Where to begin in `PAGE_SIZES`, once a registry has refused a size, and until when. */
  smaller?: { readonly size: number; readonly until: number }
  unsupported?: { readonly error: RegistryError; readonly until: number }
}

/**
 * The repositories of the catalog, then those configured that it did not name. Where there is no catalog for us, the
 * configured ones are the list.
 * @throws RegistryError `unsupported` without a catalog and without a configured list
 */
export async function* listRepositories(
  client: RegistryClient,
  state: CatalogState,
  configured: readonly RepositoryName[],
  options: CallOptions = {},
): Listing<RepositoryName> {
  const first = await firstPageOrRefusal(client, state, options)
  if (isRegistryError(first)) {
    if (configured.length === 0) throw asUnsupported(client, first)
    yield* configured
    return COMPLETE
  }
  const seen = new Set<RepositoryName>()
  const pages = followPages(client, {
    first,
    next: (address) => catalogPage(client, address, options),
    items: namesOf,
    keyOf: String,
  })
  for (;;) {
    const next = await pages.next()
    if (next.done) {
      for (const name of configured) if (!seen.has(name)) yield name
      return next.value
    }
    if (configured.length > 0) seen.add(next.value)
    yield next.value
  }
}

/**
 * Registries without a catalog refuse it in many ways; repeating the request with each page view wouldn't change that.
 */
async function firstPageOrRefusal(
  client: RegistryClient,
  state: CatalogState,
  options: CallOptions,
): Promise<HttpPage | RegistryError> {
  if (state.unsupported && state.unsupported.until > Date.now()) return state.unsupported.error
  try {
    return await firstPage(client, state, options)
  } catch (error) {
    const refused =
      isRegistryError(error, 'unsupported', 'denied', 'not-found') ||
      // Harbor answers 401 to everyone but administrators: if they can sign in otherwise, only the catalog is refused.
      (isRegistryError(error, 'unauthorized') && (await maySignIn(client, options)))
    if (!refused) throw error
    state.unsupported = { error, until: Date.now() + ASK_AGAIN }
    return error
  }
}

async function maySignIn(client: RegistryClient, options: CallOptions): Promise<boolean> {
  try {
    await pingRegistry(client, options)
    return true
  } catch (error) {
    if (isRegistryError(error, 'unauthorized', 'denied')) return false
    throw error
  }
}

async function firstPage(client: RegistryClient, state: CatalogState, options: CallOptions): Promise<HttpPage> {
  const begin = state.smaller && state.smaller.until > Date.now() ? state.smaller.size : 0
  for (let size = begin; ; size++) {
    const n = PAGE_SIZES[size]
    try {
      const page = await catalogPage(client, n === undefined ? '_catalog' : `_catalog?n=${n}`, options)
      if (size > begin) state.smaller = { size, until: Date.now() + SMALLER_FOR }
      return page
    } catch (error) {
      if (n === undefined || !asksTooMuch(error)) throw error
    }
  }
}

/** distribution: 400 PAGINATION_NUMBER_INVALID above its `catalog.maxentries`. Elsewhere a large page takes too long. */
function asksTooMuch(error: unknown): boolean {
  if (!isRegistryError(error)) return false
  return error.status === 400 || error.status === 504 || (error.kind === 'timeout' && !neverConnected(error))
}

function catalogPage(client: RegistryClient, to: string | Address, options: CallOptions): Promise<HttpPage> {
  return readPage(client, { method: 'GET', to, scopes: CATALOG_SCOPE, signal: options.signal })
}

function asUnsupported(client: RegistryClient, cause: RegistryError): RegistryError {
  const { host } = client.endpoint
  const details = { host, codes: cause.codes, ...(cause.status !== undefined && { status: cause.status }) }
  const message = `${host} doesn’t let Lading list its repositories; name them in the configuration`
  return new RegistryError('unsupported', message, details, { cause })
}

function namesOf(document: unknown): PageItems<RepositoryName> | undefined {
  return pickNames(isRecord(document) ? document.repositories : undefined, isRepositoryName)
}

/**
 * The valid names in a list that may be null and may hold null and empty entries, which mean nothing. Undefined for what
 * isn't a list.
 */
export function pickNames<T extends string>(
  list: unknown,
  isName: (text: unknown) => text is T,
): PageItems<T> | undefined {
  if (list !== null && !Array.isArray(list)) return undefined
  const entries = (list ?? []).filter((entry) => entry !== null && entry !== '')
  const items = entries.filter(isName)
  return { items, skipped: entries.length - items.length }
}
