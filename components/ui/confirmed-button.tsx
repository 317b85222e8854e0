'use client'

import type { LucideIcon } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { Button } from './button'

interface ConfirmedButtonProps extends Omit<ComponentProps<typeof Button>, 'onClick'> {
  /** What it would do, asked in its place. */
  question: string
  /** The button that does it, and while it's doing it. */
  confirm: string
  pending: string
  Icon: LucideIcon
  /** Rejects when it failed: then it can be tried again. */
  onConfirm: () => Promise<unknown>
}

/** A button whose click asks first, where it stands: for what can't be undone, or deletes much. */
export function ConfirmedButton({ question, confirm, pending, Icon, onConfirm, ...props }: ConfirmedButtonProps) {
  const [state, setState] = useState<'idle' | 'asked' | 'pending' | 'declined'>('idle')
  if (state === 'idle') return <Button {...props} onClick={() => setState('asked')} />
  if (state === 'declined') return <Button {...props} ref={takeFocus} onClick={() => setState('asked')} />
  const run = () => {
    setState('pending')
    onConfirm().then(
      () => setState('idle'),
      () => setState('asked'),
    )
  }
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm">
      {question}
      <Button ref={takeFocus} onClick={() => setState('declined')}>
        Cancel
      </Button>
      <Button variant="danger" disabled={state === 'pending'} onClick={run}>
        <Icon aria-hidden />
        {state === 'pending' ? pending : confirm}
      </Button>
    </p>
  )
}

/** What had it is gone. */
function takeFocus(element: HTMLElement | null) {
  element?.focus()
}
