'use client'

import { useId, useState } from 'react'
import { Button } from './button'
import { cn } from './cn'

interface RefusedButtonProps extends Omit<React.ComponentProps<typeof Button>, 'onClick' | 'disabled'> {
  /** Why it's disabled, and who can change that. */
  why: string
}

/** A button that the visitor may not use: it stays in the tab order, and explains why on hover and focus. */
export function RefusedButton({ why, className, ...props }: RefusedButtonProps) {
  const id = useId()
  const [dismissed, setDismissed] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape dismisses the text, as of any tooltip
    <span
      className="group/why relative inline-flex print:hidden"
      onKeyDown={(event) => event.key === 'Escape' && setDismissed(true)}
      onPointerEnter={() => setDismissed(false)}
      onBlur={() => setDismissed(false)}
    >
      <Button aria-disabled aria-describedby={id} className={cn('cursor-not-allowed', className)} {...props} />
      <span
        id={id}
        role="tooltip"
        hidden={dismissed}
        className="pointer-events-none invisible absolute top-full right-0 z-30 mt-1 w-max max-w-64 rounded-md border bg-raised px-2.5 py-1.5 text-xs text-ink shadow-(--shadow) group-focus-within/why:visible group-hover/why:visible"
      >
        {why}
      </span>
    </span>
  )
}
