'use client'

import { useState } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { isRepositoryName, isTag } from '@/lib/oci/reference'
import { useQuery } from '@/lib/query/hooks'
import { copyTargetsQuery, destinationQuery } from '@/lib/query/jobs'

/** As it's typed. */
interface Fields {
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

/** The proposed destination; without a registry, one other than the image's own if there is one. */
export type Proposal = Omit<Fields, 'registry'> & { readonly registry?: string }

/** Where a copy goes, and what's there now. The state always describes what's currently in the fields. */
export function useDestination(proposal: Proposal, sourceRegistry: string) {
  const targets = useQuery(copyTargetsQuery())
  const [chosen, setChosen] = useState<Partial<Fields>>({})
  const fields = { ...proposed(proposal, sourceRegistry, targets.data), ...chosen }
  const settled = useDebounced(JSON.stringify(fields), 250)
  const isSettled = settled === JSON.stringify(fields)
  const { registry, repository, tag } = fields
  const isValid = isSettled && registry !== '' && isRepositoryName(repository) && isTag(tag)
  const valid = isValid ? { registry, repository, tag } : undefined
  const look = useQuery(destinationQuery(valid))
  const isLooking = isValid && look.isFetching
  return {
    fields,
    registries: [...new Set([...(targets.data ?? []), registry])].filter((name) => name !== ''),
    change: (change: Partial<Fields>) => setChosen((before) => ({ ...before, ...change })),
    badRepository: repository !== '' && !isRepositoryName(repository),
    badTag: tag !== '' && !isTag(tag),
    valid,
    isLooking,
    state: isValid && !isLooking ? look.data : undefined,
    error: isValid && !isLooking ? look.error : null,
    recheck: look.refetch,
  }
}

function proposed(proposal: Proposal, source: string, targets: readonly string[] | undefined): Fields {
  if (proposal.registry !== undefined) return { ...proposal, registry: proposal.registry }
  if (!targets) return { ...proposal, registry: '' }
  const elsewhere = targets.find((name) => name !== source)
  // In its own registry, its own tag is taken by the image itself.
  return elsewhere === undefined ? { ...proposal, registry: source, tag: '' } : { ...proposal, registry: elsewhere }
}
