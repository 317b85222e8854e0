'use client'

import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { useIsMac } from '@/components/ui/is-mac'
import { Kbd } from '@/components/ui/kbd'
import { onDemand } from '@/components/ui/on-demand'
import { useRememberPage } from './recent-pages'

const Palette = onDemand(
  () => import('./palette').then((module) => module.Palette),
  // What is typed while the code loads is meant for the palette, not for shortcuts.
  ({ open, term, onTerm }) =>
    open && (
      <input
        // biome-ignore lint/a11y/noAutofocus: stands in for the palette, where the focus goes too
        autoFocus
        aria-label="Repository, repository:tag, digest or action"
        className="sr-only"
        value={term}
        onChange={(event) => onTerm(event.target.value)}
      />
    ),
)

/** With what was typed before its code came: see `EarlyInput`. */
type TypedButton = HTMLButtonElement & { typed?: string }

/** Opens the palette, which loads when it's first wanted. */
export function PaletteButton() {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  const [term, setTerm] = useState('')
  const origin = useRef<Element>(null)
  const show = ({ currentTarget }: React.MouseEvent<TypedButton>) => {
    if (!open) {
      origin.current = document.activeElement
      setTerm(currentTarget.typed ?? '')
    }
    delete currentTarget.typed
    setWanted(true)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    setTerm('')
  }
  useRememberPage()
  const isMac = useIsMac()
  return (
    <>
      <button
        type="button"
        onClick={show}
        onPointerEnter={() => setWanted(true)}
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
        className="flex h-8 w-full max-w-md items-center gap-2 rounded-md border bg-sunken px-2.5 text-sm text-muted hover:border-line-strong hover:text-ink"
      >
        <Search aria-hidden className="size-4 shrink-0" />
        <span className="truncate">Go to a repository or tag</span>
        <span className="ml-auto flex gap-0.5 max-sm:hidden" aria-hidden>
          <Kbd>{isMac ? '⌘K' : 'Ctrl K'}</Kbd>
        </span>
      </button>
      {wanted && <Palette open={open} term={term} onTerm={setTerm} origin={origin} onClose={close} />}
    </>
  )
}
