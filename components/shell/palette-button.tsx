'use client'

import { Search } from 'lucide-react'
import { useState } from 'react'
import { Kbd } from '@/components/ui/kbd'
import { onDemand } from '@/components/ui/on-demand'
import { useShortcut } from '@/components/ui/use-shortcut'

const Palette = onDemand(() => import('./palette').then((module) => module.Palette))

/** Opens the palette, which is loaded when it is first wanted. */
export function PaletteButton() {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  const show = () => {
    setWanted(true)
    setOpen(true)
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
      {wanted && <Palette open={open} onClose={() => setOpen(false)} />}
    </>
  )
}
