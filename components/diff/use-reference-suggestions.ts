import { matchNames } from '@/components/palette/match-names'
import { useDebounced } from '@/components/ui/use-debounced'
import type { Place } from '@/lib/oci/place'
import { isRepositoryName } from '@/lib/oci/reference'
import { useQuery } from '@/lib/query/hooks'
import { repositoryNamesQuery, tagSearchQuery } from '@/lib/query/repositories'

const SHOWN = 12
const SETTLE = 120

/** Siblings first, then repositories; after a repository's colon its tags. */
export function useReferenceSuggestions(typed: string, near: Place | undefined, enabled: boolean): readonly string[] {
  const text = useDebounced(typed.trim(), SETTLE)
  const names = useQuery({ ...repositoryNamesQuery(), enabled }).data?.registries ?? []
  const colon = text.indexOf(':')
  const [registry = '', ...path] = (colon < 0 ? text : text.slice(0, colon)).split('/')
  const repository = path.join('/')
  const isKnown = names.some((list) => list.registry === registry && list.names.some((name) => name === repository))
  const named = isKnown && isRepositoryName(repository) ? { registry, repository } : undefined
  const tags = useQuery({
    ...tagSearchQuery(named, colon < 0 ? '' : text.slice(colon + 1)),
    enabled: enabled && colon >= 0,
  }).data
  const isTagAlone = colon < 0 && !text.includes('/')
  const siblings = useQuery({
    ...tagSearchQuery(near, text),
    enabled: enabled && isTagAlone,
  }).data
  if (colon >= 0)
    return isKnown ? (tags?.tags ?? []).slice(0, SHOWN).map((tag) => `${registry}/${repository}:${tag}`) : []
  const own =
    near && isTagAlone ? (siblings?.tags ?? []).map((tag) => `${near.registry}/${near.repository}:${tag}`) : []
  const repositories = matchNames(
    names.map((list) => ({ registry: list.registry, names: list.names.map((name) => `${list.registry}/${name}`) })),
    text.replaceAll('/', ' '),
    SHOWN,
  ).map((match) => `${match.path}:`)
  return [...new Set([...own.slice(0, SHOWN), ...repositories])].slice(0, SHOWN)
}
