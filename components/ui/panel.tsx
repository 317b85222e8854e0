import type { ComponentProps } from 'react'
import { cn } from './cn'

/**
 * A bordered block that scrolls sideways on its own if it is too wide. Positioned, so that text for screen readers
 * scrolls with it instead of widening the page.
 */
export function Panel({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('relative overflow-x-auto rounded-xl border bg-surface shadow-xs', className)} {...props} />
}
