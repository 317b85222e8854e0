import type { ComparedTag } from '@/lib/routes/compare-href'

export interface SelectedTag extends ComparedTag {
  /** A rule keeps it from being deleted. */
  readonly isProtected?: boolean
}

/** Tags selected one by one, or everything that a filter finds except some. */
export type Selected =
  | { readonly by: 'tag'; readonly tags: ReadonlyMap<string, SelectedTag> }
  | { readonly by: 'filter'; readonly q: string; readonly except: ReadonlySet<string> }

const NOTHING: Selected = { by: 'tag', tags: new Map() }

/** The selection of each repository, as long as the tab is open: other pages of its table keep it. */
const selections = new Map<string, Selected>()
const listeners = new Set<() => void>()

export function selectionOf(key: string): Selected {
  return selections.get(key) ?? NOTHING
}

export const nothingSelected = (): Selected => NOTHING

export function select(key: string, selected: Selected): void {
  selections.set(key, selected)
  for (const listener of listeners) listener()
}

export function onSelection(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function isSelected(selected: Selected, tag: string): boolean {
  return selected.by === 'tag' ? selected.tags.has(tag) : !selected.except.has(tag)
}

/** The selection with these tags in it, or without them. */
export function withTags(selected: Selected, tags: readonly SelectedTag[], isIn: boolean): Selected {
  if (selected.by === 'filter') {
    const except = new Set(selected.except)
    for (const { tag } of tags)
      if (isIn) except.delete(tag)
      else except.add(tag)
    return { ...selected, except }
  }
  const kept = new Map(selected.tags)
  for (const tag of tags)
    if (isIn) kept.set(tag.tag, tag)
    else kept.delete(tag.tag)
  return { by: 'tag', tags: kept }
}
