'use client'

import { useSyncExternalStore } from 'react'
import type { SavedPolicy } from '@/lib/data/retention/policies'
import { draftOf, NEW_POLICY, type PolicyDraft } from './policy-draft'

interface Kept {
  readonly draft: PolicyDraft
  /** When what is edited was saved. */
  readonly of?: string
}

const listeners = new Set<() => void>()

function onKept(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function keep(key: string, kept: Kept | undefined): void {
  if (kept) sessionStorage.setItem(key, JSON.stringify(kept))
  else sessionStorage.removeItem(key)
  for (const listener of listeners) listener()
}

/** A policy as it is edited. What isn't saved is kept as long as the tab is open: a link, Back or a reload loses nothing. */
export function usePolicyDraft(saved: SavedPolicy | undefined) {
  const key = `lading:policy ${saved?.id ?? 'new'}`
  const stored = useSyncExternalStore(
    onKept,
    () => sessionStorage.getItem(key),
    () => null,
  )
  const kept: Kept | undefined = stored === null ? undefined : JSON.parse(stored)
  const before = saved ? draftOf(saved) : NEW_POLICY
  const draft = kept?.draft ?? before
  const isChanged = JSON.stringify(draft) !== JSON.stringify(before)
  return {
    draft,
    isChanged,
    /** Somebody has saved another version since. */
    isOvertaken: isChanged && kept?.of !== saved?.savedAt,
    change: (part: Partial<PolicyDraft>) => {
      const of = kept ? kept.of : saved?.savedAt
      keep(key, { draft: { ...draft, ...part }, ...(of !== undefined && { of }) })
    },
    discard: () => keep(key, undefined),
  }
}
