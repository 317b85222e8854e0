'use client'

import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog as Base } from '@base-ui/react/dialog'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useEffect, useEffectEvent, useRef, useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import type { PaletteItem } from './palette-item'
import { usePaletteItems } from './use-palette-items'

const LABEL = 'Repository, repository:tag, digest or action'

const NAMES = new Intl.ListFormat('en-GB')

interface PaletteProps {
  open: boolean
  term: string
  onTerm: (term: string) => void
  /** Where the focus was before. */
  origin: React.RefObject<Element | null>
  onClose: () => void
}

/** Where nothing had the focus, nothing gets it: the link that skips to the content would appear. */
function whereToReturn(origin: Element | null): HTMLElement | boolean {
  if (origin === document.body) return false
  return origin instanceof HTMLElement && origin.isConnected ? origin : true
}

/** Goes anywhere by typing or pasting: pages, repositories, after a colon their tags, and what the page offers. */
export function Palette({ open, term, onTerm, origin, onClose }: PaletteProps) {
  const router = useRouter()
  const highlighted = useRef<PaletteItem>(undefined)
  const asked = useDeferredValue(term)
  const { items, hasMatches, nothing, error, failed, isSearching, isOutdated } = usePaletteItems(asked, open)
  // The list doesn't match the field's text yet: Enter waits until it does.
  const isPending = asked !== term || isOutdated || (!hasMatches && isSearching)
  const [wantsFirst, setWantsFirst] = useState(false)
  const go = ({ target }: PaletteItem) => {
    onClose()
    if ('href' in target) router.push(target.href)
    // After the palette has given the focus back: an action may open a dialog.
    else setTimeout(target.run, 0)
  }
  const goToFirst = useEffectEvent(() => {
    setWantsFirst(false)
    const [first] = items
    if (first) go(first)
  })
  useEffect(() => {
    if (wantsFirst && !isPending) goToFirst()
  }, [wantsFirst, isPending])
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <Base.Popup
          aria-label="Go to"
          finalFocus={() => whereToReturn(origin.current)}
          className="fixed top-[10dvh] left-1/2 z-50 flex max-h-[min(30rem,78dvh)] w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-raised text-ink shadow-(--shadow) outline-none"
        >
          <Base.Title className="sr-only">Go to a page, repository or tag</Base.Title>
          <Autocomplete.Root
            inline
            open
            items={items}
            mode="none"
            autoHighlight="always"
            keepHighlight
            itemToStringValue={({ label }: PaletteItem) => label}
            value={term}
            onValueChange={(value, { reason }) => {
              if (reason === 'item-press') return
              setWantsFirst(false)
              onTerm(value)
            }}
            onItemHighlighted={(item) => {
              highlighted.current = item
            }}
          >
            <Autocomplete.Input
              aria-label={LABEL}
              placeholder={LABEL}
              className="h-12 shrink-0 border-b bg-transparent px-4 text-base outline-none"
              autoComplete="off"
              spellCheck={false}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && isPending) {
                  event.preventDefault()
                  event.preventBaseUIHandler()
                  setWantsFirst(true)
                  return
                }
                const complete = event.key === 'Tab' && !event.shiftKey && highlighted.current?.complete
                if (!complete) return
                event.preventDefault()
                onTerm(complete)
              }}
            />
            <div className="min-h-0 flex-1 overflow-y-auto p-1.5">
              <Autocomplete.List aria-label="Results">
                {(item: PaletteItem) => (
                  <Autocomplete.Item
                    key={item.key}
                    value={item}
                    onClick={() => go(item)}
                    className="flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent"
                  >
                    <item.icon aria-hidden className="size-4 shrink-0 opacity-70" strokeWidth={1.75} />
                    <span className="truncate">{item.label}</span>
                    {item.hint && <span className="ml-auto truncate pl-3 text-xs text-muted">{item.hint}</span>}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
              {!hasMatches && (
                <p role="status" className="px-3 py-8 text-center text-sm text-muted">
                  {error
                    ? `${error.title}. ${error.detail} ${error.advice ?? ''}`
                    : isSearching
                      ? 'Asking the registries…'
                      : nothing}
                </p>
              )}
              {failed.length > 0 && (
                <p className="px-2.5 py-1.5 text-xs text-warn">
                  {NAMES.format(failed)} didn’t answer, and may have more.
                </p>
              )}
            </div>
          </Autocomplete.Root>
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
