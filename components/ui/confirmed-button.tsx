'use client'

import type { LucideIcon } from 'lucide-react'
import { type ComponentProps, useState } from 'react'
import { problemFrom } from '@/lib/query/unwrap'
import { Button } from './button'
import { ProblemNotice } from './problem-notice'

interface ConfirmedButtonProps extends Omit<ComponentProps<typeof Button>, 'onClick'> {
  /** What it would do, asked in its place. */
  question: string
  /** The button that does it, and while it's doing it. */
  confirm: string
  pending: string
  Icon: LucideIcon
  /** Rejects when it failed: then the reason is shown, and it can be tried again. */
  onConfirm: () => Promise<unknown>
}

/** A button whose click asks first, where it stands: for what can't be undone, or deletes much. */
export function ConfirmedButton({ question, confirm, pending, Icon, onConfirm, ...props }: ConfirmedButtonProps) {
  const [state, setState] = useState<'idle' | 'asked' | 'pending' | 'declined'>('idle')
  const [error, setError] = useState<Error>()
  if (state === 'idle') return <Button {...props} onClick={() => setState('asked')} />
  if (state === 'declined') return <Button {...props} ref={takeFocus} onClick={() => setState('asked')} />
  const run = () => {
    setState('pending')
    setError(undefined)
    onConfirm().then(
      () => setState('idle'),
      (reason) => {
        setState('asked')
        setError(reason)
      },
    )
  }
  const decline = () => {
    setState('declined')
    setError(undefined)
  }
  return (
    <div className="w-full space-y-2">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        {question}
        <Button ref={takeFocus} onClick={decline}>
          Cancel
        </Button>
        <Button variant="danger" wraps disabled={state === 'pending'} onClick={run}>
          <Icon aria-hidden />
          {state === 'pending' ? pending : confirm}
        </Button>
      </p>
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" />}
    </div>
  )
}

/** What had it is gone. */
function takeFocus(element: HTMLElement | null) {
  element?.focus()
}
