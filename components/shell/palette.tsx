'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import { Box, GitCompareArrows, House, ListTodo, type LucideIcon, Tag } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useEffect, useId, useMemo, useState } from 'react'
import { filterKind } from '@/components/registry/filter-kind'
import { cn } from '@/components/ui/cn'
import { Kbd } from '@/components/ui/kbd'
import type { Problem } from '@/lib/problem/problem'
import { repositoryNamesQuery, tagSearchQuery } from '@/lib/query/repositories'
import { problemFrom } from '@/lib/query/unwrap'
import { diffHref, homeHref, jobsHref, manifestHref, pathHref } from '@/lib/routes/href'
import { matchNames, type NameMatch } from './match-names'
import { useCurrentPath } from './use-current-path'
import { useRegistrySearch } from './use-registry-search'
import { useRepositoryMatches } from './use-repository-matches'

interface Item {
  readonly key: string
  readonly label: string
  readonly hint?: string
  readonly href: string
  readonly icon: LucideIcon
}

const PAGES: readonly Item[] = [
  { key: 'home', label: 'Home', href: homeHref, icon: House },
  { key: 'compare', label: 'Compare two images', href: diffHref(), icon: GitCompareArrows },
  { key: 'jobs', label: 'Jobs', href: jobsHref, icon: ListTodo },
]

const SHOWN = 40

interface PaletteProps {
  open: boolean
  term: string
  onTerm: (term: string) => void
  /** Where the focus was before. */
  origin: React.RefObject<Element | null>
  onClose: () => void
}

/** Goes anywhere by typing: pages, repositories, and after a colon the tags of the repository before it. */
export function Palette({ open, term, onTerm, origin, onClose }: PaletteProps) {
  const router = useRouter()
  const listId = useId()
  const [active, setActive] = useState(0)
  const { items, error, failed } = useItems(useDeferredValue(term), open)
  const selected = Math.min(active, items.length - 1)

  useEffect(() => {
    if (open) setActive(0)
  }, [open])
  useEffect(() => {
    document.getElementById(`${listId}-${selected}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, selected])

  const go = (item: Item | undefined) => {
    if (!item) return
    onClose()
    router.push(item.href)
  }
  const move = (by: number) => setActive((selected + by + items.length) % Math.max(1, items.length))

  return (
    <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <Base.Popup
          aria-label="Go to"
          finalFocus={() =>
            origin.current instanceof HTMLElement && origin.current.isConnected ? origin.current : true
          }
          className="fixed top-[10dvh] left-1/2 z-50 flex max-h-[min(30rem,78dvh)] w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-raised text-ink shadow-(--shadow) outline-none"
        >
          <Base.Title className="sr-only">Go to a page, repository or tag</Base.Title>
          <input
            role="combobox"
            aria-expanded
            aria-controls={listId}
            aria-activedescendant={items.length > 0 ? `${listId}-${selected}` : undefined}
            aria-label="Repository, repository:tag or page"
            placeholder="Repository, repository:tag or page"
            className="h-12 shrink-0 border-b bg-transparent px-4 text-base outline-none"
            autoComplete="off"
            spellCheck={false}
            value={term}
            onChange={(event) => {
              onTerm(event.target.value)
              setActive(0)
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') move(1)
              else if (event.key === 'ArrowUp') move(-1)
              else if (event.key === 'Enter') go(items[selected])
              else if (event.key === 'Tab' && items[selected]?.icon === Box) onTerm(`${items[selected].label}:`)
              else return
              event.preventDefault()
            }}
          />
          <div role="listbox" id={listId} aria-label="Results" className="min-h-0 flex-1 overflow-y-auto p-1.5">
            {items.map((item, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field handles the keys
              <div
                key={item.key}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === selected}
                onClick={() => go(item)}
                onPointerMove={() => setActive(index)}
                className={cn(
                  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm',
                  index === selected && 'bg-accent-soft text-accent',
                )}
              >
                <item.icon aria-hidden className="size-4 shrink-0 opacity-70" strokeWidth={1.75} />
                <span className="truncate">{item.label}</span>
                {item.hint && <span className="ml-auto truncate pl-3 text-xs text-muted">{item.hint}</span>}
              </div>
            ))}
            {items.length === 0 && (
              <p className="px-3 py-8 text-center text-sm text-muted">
                {error
                  ? `${error.title}. ${error.detail} ${error.advice ?? ''}`
                  : 'Nothing matches. Try fewer letters, or a colon for tags.'}
              </p>
            )}
            {failed.length > 0 && (
              <p className="px-2.5 py-1.5 text-xs text-warn">Search on {failed.join(', ')} didn’t respond.</p>
            )}
          </div>
          <p className="flex h-9 shrink-0 items-center gap-3 border-t px-3 text-xs text-muted max-sm:hidden">
            <span>
              <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
            </span>
            <span>
              <Kbd>↵</Kbd> open
            </span>
            <span>
              <Kbd>tab</Kbd> list tags
            </span>
          </p>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface Found {
  readonly items: readonly Item[]
  readonly error: Problem | undefined
  /** Registries whose own search gave no answer. */
  readonly failed: readonly string[]
}

function useItems(term: string, open: boolean): Found {
  const names = useQuery({ ...repositoryNamesQuery(), enabled: open }).data?.registries
  const current = useCurrentPath()
  // A pattern has colons of its own.
  const colon = filterKind(term) === 'regexp' ? -1 : term.indexOf(':')
  const named = term.slice(0, Math.max(0, colon)).trim()
  const { matches, error } = useRepositoryMatches(colon < 0 ? term : '', open)
  const listed =
    colon < 0
      ? undefined
      : named === '' && current?.path
        ? { registry: current.registry, path: current.path }
        : names && matchNames(names, named, 1)[0]
  const searched = useRegistrySearch(colon < 0 ? term : named, open && !listed && matches.length < SHOWN)
  const repository = listed ?? (colon < 0 ? undefined : searched.matches.find(({ path }) => path === named))
  const tagTerm = colon < 0 ? '' : term.slice(colon + 1).trim()
  const tags = useQuery({
    ...tagSearchQuery(repository?.registry ?? '', repository?.path ?? '', tagTerm),
    enabled: open && repository !== undefined,
  }).data
  const items = useMemo((): readonly Item[] => {
    if (repository)
      return (tags?.tags ?? []).slice(0, SHOWN).map((tag) => ({
        key: `tag ${tag}`,
        label: tag,
        hint: repository.path,
        href: manifestHref(repository.registry, repository.path, tag),
        icon: Tag,
      }))
    const text = term.trim().toLowerCase()
    const pages = PAGES.filter((page) => text === '' || page.label.toLowerCase().includes(text))
    // A colon after a name that nothing has does not ask for every repository.
    const own = colon < 0 ? matches.slice(0, SHOWN) : []
    const known = new Set(own.map(({ registry, path }) => `${registry}/${path}`))
    const unlisted = searched.matches.filter(({ registry, path }) => !known.has(`${registry}/${path}`))
    const item = ({ registry, path }: NameMatch, hint: string) => ({
      key: `${registry}/${path}`,
      label: path,
      hint,
      href: pathHref(registry, path),
      icon: Box,
    })
    const found = [
      ...own.map((match) => item(match, match.registry)),
      ...unlisted.map((match) => item(match, `found by ${match.registry}`)),
    ]
    return text === '' ? [...pages, ...found] : [...found, ...pages]
  }, [repository, tags, term, colon, matches, searched])
  return { items, error: error ? problemFrom(error) : undefined, failed: searched.failed }
}
