'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from './button'
import { cn } from './cn'

interface DialogProps {
  open: boolean
  onClose: () => void
  /** Only its buttons close it: something would be lost. */
  isBusy?: boolean
  title: React.ReactNode
  description?: React.ReactNode
  /** Pixels. */
  width?: number
  children: React.ReactNode
}

/**
 * A modal dialog: focus stays inside and begins at the field marked `data-initial-focus`, Escape and the backdrop close
 * it, focus returns to where it came from.
 */
export function Dialog({ open, onClose, isBusy = false, title, description, width = 560, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  const [origin] = useState(whereFocusIs)
  return (
    <Base.Root
      open={open}
      onOpenChange={(isOpen, { reason }) => {
        if (!isOpen && !(isBusy && (reason === 'escape-key' || reason === 'outside-press'))) onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50 grid grid-cols-[minmax(0,1fr)] items-start justify-items-center overflow-y-auto p-3 pt-[8dvh]">
          <Base.Popup
            ref={popup}
            initialFocus={() => popup.current?.querySelector<HTMLElement>('[data-initial-focus]') ?? true}
            finalFocus={() => (origin?.isConnected ? origin : true)}
            style={{ maxWidth: width }}
            className={cn(
              'w-full rounded-xl border bg-raised text-ink shadow-(--shadow) outline-none transition duration-150',
              'data-ending-style:scale-[0.985] data-ending-style:opacity-0 data-starting-style:scale-[0.985] data-starting-style:opacity-0',
            )}
          >
            <div className="flex items-start gap-3 border-b px-5 pt-4 pb-3.5">
              <div className="min-w-0 flex-1">
                <Base.Title className="text-base leading-6 font-semibold">{title}</Base.Title>
                {description && (
                  <Base.Description className="mt-0.5 text-sm text-muted">{description}</Base.Description>
                )}
              </div>
              <Base.Close render={<Button variant="ghost" size="icon-sm" aria-label="Close" className="-mr-2" />}>
                <X aria-hidden />
              </Base.Close>
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** A menu item disappears with its menu: focus returns to the menu's trigger. */
function whereFocusIs(): HTMLElement | null {
  if (typeof document === 'undefined') return null
  const focused = document.activeElement
  const menu = focused?.closest('[role=menu]')
  const found = menu ? document.querySelector(`[aria-controls="${CSS.escape(menu.id)}"]`) : focused
  return found instanceof HTMLElement && found !== document.body ? found : null
}

export function DialogBody({ children, className }: { children: React.ReactNode; className?: string }) {
  return <div className={cn('space-y-4 px-5 py-4', className)}>{children}</div>
}

/** The actions, the one that commits last. */
export function DialogFooter({ children }: { children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-t bg-sunken/60 px-5 py-3">
      {children}
    </div>
  )
}
