'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useRowLinks } from '@/components/ui/use-row-links'
import { useVisibleRows } from '@/components/ui/use-visible-rows'
import { useQuery, useQueryClient } from '@/lib/query/hooks'
import { treeLevelsQuery } from '@/lib/query/repositories'
import { pathHref, registryHref } from '@/lib/routes/href'
import { TreeRowView } from './tree-row'
import {
  ancestorKeys,
  type Levels,
  levelKey,
  rowsToRender,
  stepOf,
  type TreeRegistry,
  type TreeRow,
  visibleRows,
} from './tree-rows'
import { useCurrentPath } from './use-current-path'

const ROW_HEIGHT = 28

interface RepositoryTreeProps {
  registries: readonly TreeRegistry[]
  /** Levels that came with the page. */
  levels: Levels
}

/** The tree of namespaces and repositories: only what is on screen is rendered, deeper levels come when they are opened. */
export function RepositoryTree({ registries, levels: initialLevels }: RepositoryTreeProps) {
  const router = useRouter()
  const current = useCurrentPath()
  const currentKey = current ? levelKey(current.registry, current.path) : undefined
  const onClick = useRowLinks()
  const { open, toggle } = useOpenLevels(registries, current)
  const [focused, setFocused] = useState<string>()
  const levels = useLevels(registries, initialLevels, open)
  const rows = useMemo(() => visibleRows(registries, levels, open), [registries, levels, open])

  const scroller = useRef<HTMLDivElement>(null)
  const { start, end } = useVisibleRows(scroller, rows.length, ROW_HEIGHT)

  const currentIndex = rows.findIndex((row) => row.key === currentKey)
  const revealed = useRef<string>(undefined)
  useEffect(() => {
    if (currentIndex < 0 || revealed.current === currentKey) return
    revealed.current = currentKey
    scrollToRow(scroller.current, currentIndex)
  }, [currentIndex, currentKey])

  const focusRow = (index: number) => {
    const row = rows[index]
    if (!row) return
    setFocused(row.key)
    scrollToRow(scroller.current, index)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus(),
    )
  }

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const index = rows.findIndex((row) => row.key === focused)
    const step = stepOf(event.key, rows, index)
    if (!step) return
    event.preventDefault()
    if ('focus' in step) focusRow(step.focus)
    else if ('toggle' in step) toggle(step.toggle, step.to)
    else router.push(hrefOf(step.open))
  }

  const tabStop = rows.some((row) => row.key === focused) ? focused : (rows[currentIndex]?.key ?? rows[0]?.key)
  const tabIndex = rows.findIndex((row) => row.key === tabStop)
  const rendered = rowsToRender(start, end, tabIndex)
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4" data-tree>
      <div
        role="tree"
        aria-label="Repositories"
        onClick={onClick}
        onKeyDown={onKeyDown}
        className="relative"
        style={{ height: rows.length * ROW_HEIGHT }}
      >
        {rendered.map((index) => {
          const row = rows[index]
          return (
            row && (
              <TreeRowView
                key={row.key}
                row={row}
                top={index * ROW_HEIGHT}
                href={hrefOf(row)}
                current={index === currentIndex}
                tabStop={index === tabIndex}
                onToggle={() => toggle(row.key)}
                onFocus={() => setFocused(row.key)}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

/** The levels that are open: those on the way to the page, and what people open. */
function useOpenLevels(registries: readonly TreeRegistry[], current: ReturnType<typeof useCurrentPath>) {
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () =>
      new Set(
        current
          ? ancestorKeys(current.registry, current.path)
          : registries.slice(0, 1).map(({ name }) => levelKey(name, '')),
      ),
  )
  useEffect(() => {
    if (!current) return
    setOpen((before) => {
      const keys = ancestorKeys(current.registry, current.path)
      return keys.every((key) => before.has(key)) ? before : new Set([...before, ...keys])
    })
  }, [current])
  const toggle = (key: string, to?: boolean) =>
    setOpen((before) => {
      const next = new Set(before)
      if (to ?? !before.has(key)) next.add(key)
      else next.delete(key)
      return next
    })
  return { open, toggle }
}

/** The levels that came with the page, and those that have been opened since: each is fetched once. */
function useLevels(registries: readonly TreeRegistry[], initial: Levels, open: ReadonlySet<string>): Levels {
  const wanted = useMemo(() => {
    const only = registries.length === 1 && registries[0] ? [levelKey(registries[0].name, '')] : []
    return [...new Set([...only, ...open])].filter((key) => !initial.has(key))
  }, [registries, initial, open])
  const { data: fetched } = useQuery({ ...treeLevelsQuery(wanted, useQueryClient()), enabled: wanted.length > 0 })
  return useMemo(() => new Map([...initial, ...(fetched ?? [])]), [initial, fetched])
}

/** Scrolls no further than it takes for the row to be seen. */
function scrollToRow(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return
  const top = index * ROW_HEIGHT
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + ROW_HEIGHT > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW_HEIGHT - scroller.clientHeight
}

function hrefOf(row: TreeRow): string {
  switch (row.kind) {
    case 'registry':
      return registryHref(row.registry.name)
    case 'entry':
      return pathHref(row.registry, row.entry.path)
    case 'loading':
      return '#'
  }
}
