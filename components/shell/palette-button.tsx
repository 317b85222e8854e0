'use client'

import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { onDemand } from '@/components/ui/on-demand'
import { useShortcut } from '@/components/ui/use-shortcut'

const Palette = onDemand(
  () => import('./palette').then((module) => module.Palette),
  // What is typed while the code is on its way is meant for the palette, and no shortcut.
  ({ open, term, onTerm }) =>
    open && (
      <input
        // biome-ignore lint/a11y/noAutofocus: stands in for the palette, where the focus goes too
        autoFocus
        aria-label="Repository, repository:tag or page"
        className="sr-only"
        value={term}
        onChange={(event) => onTerm(event.target.value)}
      />
    ),
)

/** Opens the palette, which is loaded when it is first wanted. */
export function PaletteButton() {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  const [term, setTerm] = useState('')
  const origin = useRef<Element>(null)
  const show = () => {
    if (!open) origin.current = document.activeElement
    setWanted(true)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    setTerm('')
  }
  useShortcut('mod+k', show)
  return (
    <>
      <button
        type="button"
        onClick={show}
        onPointerEnter={() => setWanted(true)}
        aria-keyshortcuts="Meta+K Control+K"
        className="flex h-8 w-full max-w-md items-center gap-2 rounded-md border bg-sunken px-2.5 text-sm text-muted hover:border-line-strong hover:text-ink"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Go to a repository or tag</span>
        <span className="ml-auto flex gap-0.5 max-sm:hidden" aria-hidden>
          <Kbd>⌘K</Kbd>
        </span>
      </button>
      {wanted && <Palette open={open} term={term} onTerm={setTerm} origin={origin} onClose={close} />}
    </>
  )
}
