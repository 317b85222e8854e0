'use client'

import { useState } from 'react'
import { cn } from './cn'

/** Long text as its first six lines under a fade, until all of it is asked for. */
export function Fold({ show = 'Show all', children }: { show?: string; children: React.ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <div>
      <div
        className={cn(
          !open && 'max-h-30 overflow-hidden [mask-image:linear-gradient(to_bottom,black_60%,transparent)]',
          'print:max-h-none print:[mask-image:none]',
        )}
      >
        {children}
      </div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="mt-0.5 text-xs font-medium text-accent underline-offset-2 hover:underline print:hidden"
      >
        {open ? 'Show less' : show}
      </button>
    </div>
  )
}
