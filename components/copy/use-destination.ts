'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useDebounced } from '@/components/ui/use-debounced'
import { destinationQuery } from '@/lib/query/jobs'

export interface Destination {
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

const REPOSITORY = /^(?=.{1,255}$)[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/

/** Where a copy goes, and what is there now; the state is only given for what is in the fields at the moment. */
export function useDestination(initial: Destination) {
  const [fields, setFields] = useState(initial)
  const { registry, repository, tag } = useDebounced(fields, 250)
  const isSettled = fields.registry === registry && fields.repository === repository && fields.tag === tag
  const isValid = registry !== '' && REPOSITORY.test(repository) && TAG.test(tag)
  const look = useQuery({ ...destinationQuery(registry, repository, tag), enabled: isValid })
  return {
    fields,
    change: (change: Partial<Destination>) => setFields((before) => ({ ...before, ...change })),
    badRepository: fields.repository !== '' && !REPOSITORY.test(fields.repository),
    badTag: fields.tag !== '' && !TAG.test(fields.tag),
    valid: isValid && isSettled ? { registry, repository, tag } : undefined,
    isLooking: isValid && look.isFetching,
    state: isValid && isSettled && !look.isFetching ? look.data : undefined,
    error: isValid && isSettled && !look.isFetching ? look.error : null,
    lookAgain: look.refetch,
  }
}
