import type { Restorable, TrashedItem } from '@/lib/data/trash/read-trash'
import { isSamePlace } from '@/lib/oci/place'

/** What the registry has answered so far about each change. */
export type States = ReadonlyMap<string, Restorable>

/** Those that can be restored together: right now, or once those among them that they need are back, as an index needs its platforms. */
export function restorableTogether(items: readonly TrashedItem[], states: States): readonly TrashedItem[] {
  let found = items.filter(({ mayRestore, change }) => mayRestore && isPossible(states.get(change)))
  for (let before = -1; before < found.length; ) {
    before = found.length
    found = items.filter((item) => found.includes(item) || (item.mayRestore && needsOnly(found, item, states)))
  }
  return found
}

/** What an item needs of the others, and what that needs. */
export function neededBy(item: TrashedItem, others: readonly TrashedItem[], states: States): readonly TrashedItem[] {
  const found = new Set<TrashedItem>()
  const add = (one: TrashedItem) => {
    for (const digest of missingOf(states.get(one.change))) {
      const needed = others.find((other) => isOn(other, digest, one))
      if (!needed || found.has(needed)) continue
      found.add(needed)
      add(needed)
    }
  }
  add(item)
  return [...found]
}

function isPossible(state: Restorable | undefined): boolean {
  return state?.state === 'yes'
}

function needsOnly(found: readonly TrashedItem[], item: TrashedItem, states: States): boolean {
  const missing = missingOf(states.get(item.change))
  return missing.length > 0 && missing.every((digest) => found.some((other) => isOn(other, digest, item)))
}

function missingOf(state: Restorable | undefined): readonly string[] {
  return state?.state === 'gone' ? state.missing : []
}

function isOn(other: TrashedItem, digest: string, item: TrashedItem): boolean {
  return other.digest === digest && isSamePlace(other, item)
}
