'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { Box, Clock, Database, Link2, Tag } from 'lucide-react'
import { useMemo } from 'react'
import { filterKind } from '@/components/registry/filter-kind'
import type { Problem } from '@/lib/problem/problem'
import { locationQuery, repositoryNamesQuery, tagSearchQuery } from '@/lib/query/repositories'
import { problemFrom } from '@/lib/query/unwrap'
import { digestHref, manifestHref, pathHref, registryHref } from '@/lib/routes/href'
import { type Pasted, parsePasted } from '@/lib/routes/pasted-reference'
import { isDigestSelector } from '@/lib/routes/selector'
import { useCurrentPath } from '../tree/use-current-path'
import { matchNames, type NameMatch } from './match-names'
import type { PaletteItem } from './palette-item'
import { recentPages } from './recent-pages'
import { usePaletteCommands } from './use-palette-commands'
import { useRegistrySearch } from './use-registry-search'
import { useRepositoryMatches } from './use-repository-matches'

const SHOWN = 40
/** Registries whose tags of one name are listed. */
const PLACES = 4

export interface PaletteItems {
  readonly items: readonly PaletteItem[]
  readonly error: Problem | undefined
  /** Registries whose own search gave no answer. */
  readonly failed: readonly string[]
  readonly isSearching: boolean
}

/** What the palette lists for what was typed or pasted; hits in the page's registry stand first. */
export function usePaletteItems(term: string, open: boolean): PaletteItems {
  const current = useCurrentPath()
  const pasted = useMemo(() => parsePasted(term), [term])
  const located = useLocated(pasted, open)
  // A pattern has colons of its own.
  const colon = pasted || filterKind(term) === 'regexp' ? -1 : term.indexOf(':')
  const name = colon < 0 ? term.trim() : term.slice(0, colon).trim()
  const names = useQuery({ ...repositoryNamesQuery(), enabled: open }).data?.registries ?? []
  const { matches, error } = useRepositoryMatches(colon < 0 && !pasted ? term : '', open)
  const listed = colon < 0 ? [] : placesNamed(name, names, current)
  const searched = useRegistrySearch(
    pasted ? '' : name,
    open && listed.length === 0 && (colon >= 0 || matches.length < SHOWN),
  )
  const places =
    colon < 0 || listed.length > 0 ? listed : searched.matches.filter(({ path }) => path === name).slice(0, PLACES)
  const tags = useTags(places, colon < 0 ? '' : term.slice(colon + 1).trim(), open)
  const commands = usePaletteCommands(term, open)
  const items = useMemo((): readonly PaletteItem[] => {
    if (pasted) return located.items
    if (colon >= 0) return tags.slice(0, SHOWN)
    if (term.trim() === '') return [...commands.actions, ...recentItems(), ...commands.pages]
    const own = currentFirst(matches, current?.registry).slice(0, SHOWN)
    const known = new Set(own.map(keyOf))
    const registries = names
      .filter(({ registry }) => registry.toLowerCase().includes(term.trim().toLowerCase()))
      .map(({ registry }) => registryItem(registry))
    return [
      ...commands.actions,
      ...own.map((match) => repositoryItem(match, match.registry)),
      ...registries,
      ...searched.matches
        .filter((match) => !known.has(keyOf(match)))
        .map((match) => repositoryItem(match, `found by ${match.registry}`)),
      ...commands.pages,
    ]
  }, [pasted, located.items, colon, tags, term, matches, current?.registry, names, searched, commands])
  return {
    items,
    error: error ? problemFrom(error) : undefined,
    failed: searched.failed,
    isSearching: located.isSearching,
  }
}

/** Every registry that has a repository of just this name, the page's first; else the best match. */
function placesNamed(
  name: string,
  names: readonly { readonly registry: string; readonly names: readonly string[] }[],
  current: NameMatch | undefined,
): readonly NameMatch[] {
  if (name === '') return current?.path ? [current] : []
  const exact = names.flatMap(({ registry, names: paths }) =>
    paths.includes(name) || (name.startsWith(`${registry}/`) && paths.includes(name.slice(registry.length + 1)))
      ? [{ registry, path: paths.includes(name) ? name : name.slice(registry.length + 1) }]
      : [],
  )
  const found = exact.length > 0 ? exact : currentFirst(matchNames(names, name, SHOWN), current?.registry).slice(0, 1)
  return currentFirst(found, current?.registry).slice(0, PLACES)
}

function currentFirst(matches: readonly NameMatch[], registry: string | undefined): readonly NameMatch[] {
  return registry === undefined
    ? matches
    : [...matches.filter((m) => m.registry === registry), ...matches.filter((m) => m.registry !== registry)]
}

function useTags(places: readonly NameMatch[], term: string, open: boolean): readonly PaletteItem[] {
  const lists = useQueries({
    queries: places.map(({ registry, path }) => ({ ...tagSearchQuery(registry, path, term), enabled: open })),
  })
  return places.flatMap(({ registry, path }, index) =>
    (lists[index]?.data?.tags ?? []).map((tag) => ({
      key: `${registry}/${path}:${tag}`,
      label: tag,
      hint: `${registry}/${path}`,
      icon: Tag,
      target: { href: manifestHref(registry, path, tag) },
    })),
  )
}

function useLocated(pasted: Pasted | undefined, open: boolean) {
  const asked = pasted && pasted.kind !== 'path' ? pasted : undefined
  const { data, isFetching } = useQuery({
    ...locationQuery(asked ?? { kind: 'reference', repository: '', selector: '' as never }, nearPlaces()),
    enabled: open && asked !== undefined,
  })
  const items = useMemo((): readonly PaletteItem[] => {
    if (pasted?.kind === 'path')
      return [{ key: pasted.path, label: `Open ${pasted.path}`, icon: Link2, target: { href: pasted.path } }]
    if (!asked) return []
    return (data ?? []).map(({ registry, repository }) => ({
      key: `${registry}/${repository}`,
      label:
        asked.kind === 'digest' ? `${repository}@${asked.digest.slice(0, 19)}` : labelOf(repository, asked.selector),
      hint: registry,
      icon: Tag,
      target: {
        href:
          asked.kind === 'digest'
            ? digestHref(registry, repository, asked.digest)
            : manifestHref(registry, repository, asked.selector),
      },
    }))
  }, [pasted, asked, data])
  return { items, isSearching: isFetching }
}

function labelOf(repository: string, selector: string): string {
  return isDigestSelector(selector) ? `${repository}@${selector.slice(0, 19)}` : `${repository}:${selector}`
}

function nearPlaces() {
  return typeof localStorage === 'undefined'
    ? []
    : recentPages().map(({ registry, repository }) => ({ registry, repository }))
}

function recentItems(): readonly PaletteItem[] {
  return recentPages()
    .slice(1, 7)
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

function keyOf({ registry, path }: NameMatch): string {
  return `${registry}/${path}`
}
