import type { TreeEntry } from '@/lib/data/registries/tree'

/** A registry as the tree shows it. */
export interface TreeRegistry {
  readonly name: string
  readonly kind: 'http' | 'layout'
  readonly total: number
  /** Why it could not be listed. */
  readonly problem?: string
  /** Why what is below it is what was last seen. */
  readonly lastSeen?: string
}

/** Levels that have been fetched, by `levelKey`. */
export type Levels = ReadonlyMap<string, readonly TreeEntry[]>

export type TreeRow =
  | {
      readonly kind: 'registry'
      readonly key: string
      readonly depth: number
      readonly registry: TreeRegistry
      readonly open: boolean
    }
  | {
      readonly kind: 'entry'
      readonly key: string
      readonly depth: number
      readonly registry: string
      readonly entry: TreeEntry
      readonly open: boolean
      readonly position: number
      readonly size: number
    }
  | { readonly kind: 'loading'; readonly key: string; readonly depth: number }

/** Unambiguous: registry names contain no slash, and paths don't start with one. */
export const levelKey = (registry: string, prefix: string) => `${registry}/${prefix}`

/** The rows that are open, in order. With one registry its own row is left out. */
export function visibleRows(registries: readonly TreeRegistry[], levels: Levels, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = []
  const addLevel = (registry: string, prefix: string, depth: number) => {
    const entries = levels.get(levelKey(registry, prefix))
    if (!entries) {
      rows.push({ kind: 'loading', key: `${levelKey(registry, prefix)} loading`, depth })
      return
    }
    entries.forEach((entry, index) => {
      const key = levelKey(registry, entry.path)
      const isOpen = entry.below > 0 && open.has(key)
      rows.push({ kind: 'entry', key, depth, registry, entry, open: isOpen, position: index + 1, size: entries.length })
      if (isOpen) addLevel(registry, entry.path, depth + 1)
    })
  }
  const only = registries.length === 1 ? registries[0] : undefined
  if (only && !only.problem) {
    addLevel(only.name, '', 0)
    return rows
  }
  for (const registry of registries) {
    const key = levelKey(registry.name, '')
    const isOpen = !registry.problem && open.has(key)
    rows.push({ kind: 'registry', key, depth: 0, registry, open: isOpen })
    if (isOpen) addLevel(registry.name, '', 1)
  }
  return rows
}

/** The rows on screen, plus the one Tab reaches: without it, a scrolled tree couldn't be entered by keyboard. */
export function rowsToRender(start: number, end: number, tabStop: number): number[] {
  const visible = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
  if (tabStop < 0 || (tabStop >= start && tabStop < end)) return visible
  return tabStop < start ? [tabStop, ...visible] : [...visible, tabStop]
}

/** The keys that must be open for `path` to be seen: its ancestors, nearest last. */
export function ancestorKeys(registry: string, path: string): string[] {
  const segments = path.split('/')
  return ['', ...segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join('/'))].map((prefix) =>
    levelKey(registry, prefix),
  )
}

/** What a key does in the tree, by the ARIA pattern: the focus moves, a level opens or closes, or the row's page opens. */
type TreeStep =
  | { readonly focus: number }
  | { readonly toggle: string; readonly to: boolean }
  | { readonly open: TreeRow }

/** @param index of the row that has the focus; -1 for none */
export function stepOf(key: string, rows: readonly TreeRow[], index: number): TreeStep | undefined {
  const row = rows[index]
  switch (key) {
    case 'ArrowDown':
      return { focus: Math.min(rows.length - 1, index + 1) }
    case 'ArrowUp':
      return { focus: Math.max(0, index - 1) }
    case 'Home':
      return { focus: 0 }
    case 'End':
      return { focus: rows.length - 1 }
    case 'ArrowRight':
      return row && canOpen(row) && !row.open ? { toggle: row.key, to: true } : { focus: index + 1 }
    case 'ArrowLeft':
      return row && canOpen(row) && row.open
        ? { toggle: row.key, to: false }
        : { focus: rows.findLastIndex((other, at) => at < index && other.depth < (row?.depth ?? 0)) }
    case 'Enter':
      return row && { open: row }
    default:
      return undefined
  }
}

const canOpen = (row: TreeRow): row is Extract<TreeRow, { open: boolean }> =>
  row.kind === 'registry' ? !row.registry.problem : row.kind === 'entry' && row.entry.below > 0
