'use client'

import { createContext, use, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { ownValue } from '@/lib/format/own-value'
import type { Place } from '@/lib/oci/place'
import type { ComparedTag } from '@/lib/routes/compare-href'
import {
  isSelected,
  nothingSelected,
  onSelection,
  type Selected,
  type SelectedTag,
  select,
  selectionOf,
  withTags,
} from './selection-store'

interface Selection {
  readonly place: Place
  readonly selected: Selected
  readonly count: number
  /** Tags of the page that is shown, in order. */
  readonly onPage: readonly string[]
  /** What the filter finds on all pages. */
  readonly matching: number
  toggle(tag: ComparedTag, options?: { readonly toHere: boolean }): void
  togglePage(isIn: boolean): void
  selectMatching(): void
  clear(): void
}

const SelectionContext = createContext<Selection | undefined>(undefined)

interface TagSelectionProps {
  place: Place
  /** The filter. */
  q: string
  onPage: readonly string[]
  matching: number
  /** The rule of each protected tag of the page. */
  protectedBy?: Readonly<Record<string, string>> | undefined
  children: React.ReactNode
}

/** Keeps which tags of a repository are selected, also on other pages of its table. */
export function TagSelection({ place, q, onPage, matching, protectedBy, children }: TagSelectionProps) {
  const key = `${place.registry}/${place.repository}`
  const stored = useSyncExternalStore(onSelection, () => selectionOf(key), nothingSelected)
  // Matches of another filter aren't on this page.
  const selected = stored.by === 'filter' && stored.q !== q ? nothingSelected() : stored
  const last = useRef<string>(undefined)
  const value = useMemo<Selection>(() => {
    const known = (tag: ComparedTag): SelectedTag =>
      ownValue(protectedBy, tag.tag) === undefined ? tag : { ...tag, isProtected: true }
    return {
      place,
      selected,
      onPage,
      matching,
      count: selected.by === 'tag' ? selected.tags.size : Math.max(0, matching - selected.except.size),
      toggle(tag, { toHere } = { toHere: false }) {
        const isIn = !isSelected(selected, tag.tag)
        const between = toHere && last.current ? range(onPage, last.current, tag.tag) : []
        select(key, withTags(selected, [...between.map((one) => ({ tag: one })), tag].map(known), isIn))
        last.current = tag.tag
      },
      togglePage: (isIn) =>
        select(
          key,
          withTags(
            selected,
            onPage.map((tag) => known({ tag })),
            isIn,
          ),
        ),
      selectMatching: () => select(key, { by: 'filter', q, except: new Set() }),
      clear: () => select(key, nothingSelected()),
    }
  }, [place, key, selected, onPage, matching, q, protectedBy])
  return <SelectionContext value={value}>{children}</SelectionContext>
}

export function useSelection(): Selection {
  const selection = use(SelectionContext)
  if (!selection) throw new Error('TagSelection is missing around this component')
  return selection
}

export function TagCheckbox({ tag, created }: ComparedTag) {
  const { selected, toggle } = useSelection()
  const withShift = useRef(false)
  return (
    <input
      type="checkbox"
      aria-label={`Select ${tag}`}
      aria-keyshortcuts="x"
      checked={isSelected(selected, tag)}
      onClick={(event) => {
        withShift.current = event.shiftKey
      }}
      onChange={() => toggle({ tag, created }, { toHere: withShift.current })}
    />
  )
}

/** The box in the head of the table: the whole page, or none of it. */
export function PageCheckbox() {
  const { selected, onPage, togglePage } = useSelection()
  const box = useRef<HTMLInputElement>(null)
  const chosen = onPage.filter((tag) => isSelected(selected, tag)).length
  const isAll = onPage.length > 0 && chosen === onPage.length
  useEffect(() => {
    if (box.current) box.current.indeterminate = chosen > 0 && !isAll
  }, [chosen, isAll])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Select all tags on this page"
      checked={isAll}
      onChange={() => togglePage(!isAll)}
    />
  )
}

/** From one to the other, both included, in the order of the page. */
function range(tags: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [tags.indexOf(from), tags.indexOf(to)]
  return a < 0 || b < 0 ? [] : tags.slice(Math.min(a, b), Math.max(a, b) + 1)
}
