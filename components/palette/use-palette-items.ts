'use client'

import { Box, Clock, Database, Link2, Search, Tag } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useMemo } from 'react'
import { filterKind } from '@/components/registry/filter-kind'
import { useDebounced } from '@/components/ui/use-debounced'
import type { Located } from '@/lib/data/registries/locate'
import { barePlace, type Place } from '@/lib/oci/place'
import { isRepositoryName, isTag } from '@/lib/oci/reference'
import type { Problem } from '@/lib/problem/problem'
import { useQueries, useQuery } from '@/lib/query/hooks'
import { locationQuery, repositoryNamesQuery, tagSearchQuery } from '@/lib/query/repositories'
import { problemFrom } from '@/lib/query/unwrap'
import { digestHref, manifestHref, pathHref, registryHref, searchHref } from '@/lib/routes/href'
import { type Pasted, parsePasted, searchTextOf } from '@/lib/routes/pasted-reference'
import { isDigestSelector } from '@/lib/routes/selector'
import { useCurrentPath } from '../tree/use-current-path'
import { currentFirst, matchNames, type NameMatch } from './match-names'
import { firstOfEach, type PaletteItem } from './palette-item'
import { recentPages } from './recent-pages'
import { usePaletteCommands } from './use-palette-commands'
import { useRegistrySearch } from './use-registry-search'
import { useRepositoryMatches } from './use-repository-matches'

const SHOWN = 40
/** Recently opened pages. */
const RECENT = 6
/** Registries whose tags of one name are listed. */
const PLACES = 4

export interface PaletteItems {
  readonly items: readonly PaletteItem[]
  /** Something was found: an entry that only leads to the search doesn't count. */
  readonly hasMatches: boolean
  /** What to say where nothing was found. */
  readonly nothing: string
  readonly error: Problem | undefined
  /** Registries that gave no answer. */
  readonly failed: readonly string[]
  readonly isSearching: boolean
  /** Matches of the previous text stay until those of the current one arrive. */
  readonly isOutdated: boolean
}

/** The palette's entries for a typed or pasted text; hits in the page's registry come first. */
export function usePaletteItems(term: string, open: boolean): PaletteItems {
  const current = useCurrentPath()
  const pathname = usePathname()
  const pasted = useMemo(() => parsePasted(term), [term])
  const located = useLocated(pasted, open, current?.registry)
  // A pattern has colons of its own.
  const colon = pasted || filterKind(term) === 'regexp' ? -1 : term.indexOf(':')
  const name = colon < 0 ? term.trim() : term.slice(0, colon).trim()
  const catalog = useQuery({ ...repositoryNamesQuery(), enabled: open })
  const names = catalog.data?.registries ?? []
  const { matches, error } = useRepositoryMatches(colon < 0 && !pasted ? term : '', open)
  const listed = colon < 0 ? [] : placesNamed(name, names, current)
  const searched = useRegistrySearch(
    pasted ? '' : name,
    open && listed.length === 0 && (colon >= 0 || matches.length < SHOWN),
  )
  const found = useMemo(() => currentFirst(searched.matches, current?.registry), [searched, current?.registry])
  const places = colon < 0 || listed.length > 0 ? listed : placesOf(found.filter(({ path }) => path === name))
  const tag = colon < 0 ? '' : term.slice(colon + 1).trim()
  const tags = useTags(places, tag, open)
  const isNamed = places.every(({ registry, repository }) => [repository, `${registry}/${repository}`].includes(name))
  const elsewhere = useElsewhere(pasted ? '' : term, open, current?.registry)
  const commands = usePaletteCommands(term, open)
  const items = useMemo((): readonly PaletteItem[] => {
    if (pasted) return located.items
    if (colon >= 0)
      return firstOfEach([...tags.items.slice(0, SHOWN), ...elsewhere.items, ...(isNamed ? tags.lacking : [])])
    if (term.trim() === '') return [...commands.actions, ...recentItems(pathname), ...commands.pages]
    const own = currentFirst(matches, current?.registry).slice(0, SHOWN)
    const known = new Set(own.map(keyOf))
    const registries = names
      .filter(({ registry }) => registry.toLowerCase().includes(term.trim().toLowerCase()))
      .map(({ registry }) => registryItem(registry))
    return [
      ...commands.actions,
      ...own.map((match) => repositoryItem(match, match.registry)),
      ...registries,
      ...found
        .filter((match) => !known.has(keyOf(match)))
        .map((match) => repositoryItem(match, `found by ${match.registry}`)),
      ...elsewhere.items.filter(({ key }) => !known.has(key.replace(/:[^:/]*$/, ''))),
      ...commands.pages,
    ]
  }, [
    pasted,
    located.items,
    colon,
    isNamed,
    tags,
    term,
    matches,
    current?.registry,
    names,
    found,
    elsewhere.items,
    commands,
    pathname,
  ])
  // Enter after a paste opens what is found, however long that takes.
  const isSearch = term.trim() !== '' && pasted?.kind !== 'path' && !located.isSearching
  const search = isSearch ? [searchItem(term.trim())] : []
  return {
    items: [...items, ...search],
    hasMatches: items.length > 0,
    nothing: nothingText(pasted),
    error: error ? problemFrom(error) : undefined,
    failed: [...new Set([...searched.failed, ...located.failed, ...elsewhere.failed])],
    isSearching: located.isSearching || elsewhere.isSearching || tags.isSearching || catalog.isLoading,
    isOutdated: colon >= 0 && tags.isOutdated,
  }
}

/** Every registry with a repository of exactly this name, the page's first; otherwise the best match. */
function placesNamed(
  name: string,
  names: readonly { readonly registry: string; readonly names: readonly string[] }[],
  current: NameMatch | undefined,
): readonly Place[] {
  if (name === '') return placesOf(current ? [current] : [])
  const exact = names.flatMap(({ registry, names: paths }) =>
    paths.includes(name) || (name.startsWith(`${registry}/`) && paths.includes(name.slice(registry.length + 1)))
      ? [{ registry, path: paths.includes(name) ? name : name.slice(registry.length + 1) }]
      : [],
  )
  const found = exact.length > 0 ? exact : currentFirst(matchNames(names, name, SHOWN), current?.registry).slice(0, 1)
  return placesOf(currentFirst(found, current?.registry))
}

function placesOf(matches: readonly NameMatch[]): readonly Place[] {
  return matches
    .flatMap(({ registry, path }) => (isRepositoryName(path) ? [{ registry, repository: path }] : []))
    .slice(0, PLACES)
}

function useTags(places: readonly Place[], term: string, open: boolean) {
  const lists = useQueries({
    queries: places.map((place) => ({ ...tagSearchQuery(place, term), enabled: open })),
  })
  const items = places.flatMap((place, index): readonly PaletteItem[] =>
    (lists[index]?.data?.tags ?? []).map((tag) => ({
      key: `${textOf(place)}:${tag}`,
      label: tag,
      hint: textOf(place),
      icon: Tag,
      target: { href: manifestHref(place, tag) },
    })),
  )
  const isEmpty = lists.every(
    ({ data, isPlaceholderData }) => data && !isPlaceholderData && data.total === 0 && data.isWhole,
  )
  return {
    items,
    /** The repositories, where none of them has such a tag. */
    lacking: isEmpty
      ? places.map(({ registry, repository }) =>
          repositoryItem({ registry, path: repository }, `${registry}: no tag ${term && `matches ${term}`}`.trimEnd()),
        )
      : [],
    isSearching: lists.some(({ isLoading }) => isLoading),
    isOutdated: lists.some(({ isPlaceholderData }) => isPlaceholderData),
  }
}

function useLocated(pasted: Pasted | undefined, open: boolean, registry: string | undefined) {
  const asked = pasted && pasted.kind !== 'path' ? pasted : undefined
  const { data, isFetching } = useQuery({
    ...locationQuery(asked, nearPlaces()),
    enabled: open,
  })
  const items = useMemo((): readonly PaletteItem[] => {
    if (pasted?.kind === 'path')
      return [{ key: pasted.path, label: `Open ${pasted.path}`, icon: Link2, target: { href: pasted.path } }]
    if (!asked) return []
    const lacking = currentFirst(data?.lacking ?? [], registry).map((place) => {
      const match = { registry: place.registry, path: place.repository }
      const what =
        asked.kind === 'reference' && !isDigestSelector(asked.selector) ? `tag ${asked.selector}` : 'such image'
      return repositoryItem(match, `${place.registry}: no ${what}`)
    })
    const found = currentFirst(data?.places ?? [], registry).map((place) => ({
      key: textOf(place),
      label:
        asked.kind === 'digest'
          ? `${place.repository}@${asked.digest.slice(0, 19)}`
          : labelOf(place.repository, asked.selector),
      hint: place.registry,
      icon: Tag,
      target: {
        href: asked.kind === 'digest' ? digestHref(place, asked.digest) : manifestHref(place, asked.selector),
      },
    }))
    return [...found, ...lacking]
  }, [pasted, asked, data, registry])
  return { items, failed: failedOf(data), isSearching: isFetching && !data }
}

/** Long enough that typing asks no registry. */
const SETTLE = 300

/** A fully typed name, with or without a tag, in registries that have the repository without listing it. */
function useElsewhere(term: string, open: boolean, registry: string | undefined) {
  const typed = term.trim()
  const settled = useDebounced(typed, SETTLE)
  const [name = '', tag = 'latest', ...more] = settled.split(':')
  const isWhole = settled === typed && name.includes('/') && more.length === 0
  const asked = isWhole && isRepositoryName(name) && isTag(tag)
  const { data, isFetching } = useQuery({
    ...locationQuery(asked ? { kind: 'reference', repository: name, selector: tag } : undefined, []),
    enabled: open,
  })
  const items = useMemo(
    (): readonly PaletteItem[] =>
      currentFirst(asked ? (data?.places ?? []) : [], registry).map((place) => ({
        key: `${textOf(place)}:${tag}`,
        label: labelOf(place.repository, tag),
        hint: place.registry,
        icon: Tag,
        target: { href: manifestHref(place, tag) },
      })),
    [asked, data, tag, registry],
  )
  return { items, failed: asked ? failedOf(data) : [], isSearching: isFetching && !data }
}

function nothingText(pasted: Pasted | undefined): string {
  switch (pasted?.kind) {
    case 'digest':
      return 'No repository that Lading knows has this digest.'
    case 'reference':
      return `No registry here has ${labelOf(pasted.repository, pasted.selector)}.`
    case 'path':
    case undefined:
      return 'No matches. Try fewer letters, or a colon for tags.'
  }
}

function failedOf(located: Located | undefined): readonly string[] {
  return located?.failed ?? []
}

function searchItem(term: string): PaletteItem {
  return {
    key: 'search',
    label: `Search for “${term}”`,
    hint: 'tags, labels, digests',
    icon: Search,
    target: { href: searchHref({ q: searchTextOf(term) }) },
  }
}

function labelOf(repository: string, selector: string): string {
  return isDigestSelector(selector) ? `${repository}@${selector.slice(0, 19)}` : `${repository}:${selector}`
}

function nearPlaces() {
  return typeof localStorage === 'undefined' ? [] : recentPages().map(barePlace)
}

/** Without the page that is open. */
function recentItems(pathname: string): readonly PaletteItem[] {
  return recentPages()
    .filter(({ path }) => path !== pathname)
    .slice(0, RECENT)
    .map(({ path, label, registry }) => ({
      key: `recent ${path}`,
      label,
      hint: registry,
      icon: Clock,
      target: { href: path },
    }))
}

function repositoryItem(match: NameMatch, hint: string): PaletteItem {
  const { registry, path } = match
  return {
    key: keyOf(match),
    label: path,
    hint,
    icon: Box,
    complete: `${path}:`,
    target: { href: pathHref(registry, path) },
  }
}

function registryItem(registry: string): PaletteItem {
  return {
    key: `registry ${registry}`,
    label: registry,
    hint: 'registry',
    icon: Database,
    target: { href: registryHref(registry) },
  }
}

function textOf({ registry, repository }: Place): string {
  return `${registry}/${repository}`
}

function keyOf({ registry, path }: NameMatch): string {
  return `${registry}/${path}`
}
