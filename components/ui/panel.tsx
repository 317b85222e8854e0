import type { ComponentProps } from 'react'
import { cn } from './cn'

/**
 * A sheet of content; one that is wider than its place scrolls by itself. Positioned, so that what is only for screen
 * readers scrolls along instead of widening the page.
 */
export function Panel({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('relative overflow-x-auto rounded-xl border bg-surface shadow-xs', className)} {...props} />
}
