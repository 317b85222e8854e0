import type { TagEvent } from '../../catalog/database/tag-events.ts'
import { isSamePlace, type Place } from '../../oci/place.ts'
import type { TrashedChange } from '../../store/trash.ts'

/** What happened to a tag, or to several at once. Plain values: times are ISO 8601. */
export interface HistoryEntry extends Place {
  readonly kind: TagEvent['kind']
  /** One tag, or several with the same event. Of many the first few. */
  readonly tags: readonly string[]
  readonly tagCount: number
  /** The page ended here: there may be more tags. */
  readonly isLowerBound?: boolean
  readonly from?: string
  readonly to?: string
  /** When the last of it happened; found by a sync: it had happened by then. */
  readonly at: string
  /** When the first of it happened, where that is another minute. */
  readonly firstAt?: string
  /** Found by a sync: it hadn't happened by then. */
  readonly since?: string
  readonly how: TagEvent['how']
  /** Absent: not known. */
  readonly actor?: string
  /** What can undo it: changes in the trash, or its plan. Absent if nothing can. */
  readonly undo?: { readonly changes: readonly string[] } | { readonly plan: string }
}

/** As many tags as one entry names. */
const NAMED = 12
/** Milliseconds between two events of one push or batch. */
const TOGETHER = 60_000

/** As many changes as one undo takes. */
const UNDONE = 100

/**
 * Folds adjacent events that belong together: tags moved from one image to another, pushes and deletions of many. What
 * can't be undone, or only by another plan, stands apart: an entry's undo is about all of its tags.
 * @param undoable events that can still be undone
 * @param isEnd false: older events follow, and may belong to the last entry
 */
export function foldEvents(
  events: readonly TagEvent[],
  undoable: ReadonlyMap<TagEvent, Pick<TrashedChange, 'id' | 'plan'>> = new Map(),
  isEnd = true,
): HistoryEntry[] {
  const undoOfEvent = (event: TagEvent) => {
    const change = undoable.get(event)
    return change && (change.plan ?? 'change')
  }
  const groups: TagEvent[][] = []
  for (const event of events) {
    const group = groups.at(-1)
    const [last] = group ?? []
    if (group && last && belongs(event, group) && undoOfEvent(event) === undoOfEvent(last)) group.push(event)
    else groups.push([event])
  }
  return groups.map((group) => {
    const undo = undoOf(group.flatMap((event) => undoable.get(event) ?? []))
    const isCut = !isEnd && group === groups.at(-1)
    return { ...entryOf(group), ...(isCut && { isLowerBound: true }), ...(undo && { undo }) }
  })
}

function undoOf(changes: readonly Pick<TrashedChange, 'id' | 'plan'>[]): HistoryEntry['undo'] {
  const [first] = changes
  if (!first) return undefined
  if (first.plan !== undefined && changes.every(({ plan }) => plan === first.plan)) return { plan: first.plan }
  const ids = [...new Set(changes.map(({ id }) => id))]
  return ids.length <= UNDONE ? { changes: ids } : undefined
}

function belongs(event: TagEvent, group: readonly TagEvent[]): boolean {
  const last = group.at(-1) as TagEvent
  const isAlike =
    isSamePlace(event, last) &&
    event.kind === last.kind &&
    event.how === last.how &&
    event.actor === last.actor &&
    Math.abs(last.at - event.at) < TOGETHER
  if (!isAlike || group.some(({ tag }) => tag === event.tag)) return false
  return event.kind !== 'moved' || (event.from === last.from && event.to === last.to)
}

function entryOf(group: readonly TagEvent[]): HistoryEntry {
  const last = group[0] as TagEvent
  const first = group.at(-1) as TagEvent
  const { registry, repository, kind, how, actor } = last
  const same = (digest: 'from' | 'to') => {
    const digests = new Set(group.map((event) => event[digest]))
    return digests.size === 1 ? last[digest] : undefined
  }
  const [from, to] = [same('from'), same('to')]
  const sinces = group.flatMap(({ since }) => since ?? [])
  const isApart = Math.floor(first.at / TOGETHER) !== Math.floor(last.at / TOGETHER)
  return {
    kind,
    registry,
    repository,
    tags: group.slice(0, NAMED).map(({ tag }) => tag),
    tagCount: group.length,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    at: iso(last.at),
    ...(isApart && { firstAt: iso(first.at) }),
    ...(sinces.length === group.length && { since: iso(Math.min(...sinces)) }),
    how,
    ...(actor !== undefined && { actor }),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
