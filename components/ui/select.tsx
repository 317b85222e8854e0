import type { ComponentProps } from 'react'
import { cn } from './cn'

/** The browser's own list of choices. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return (
    <select
      className={cn(
        'h-8 rounded-md border border-line-strong/60 bg-surface px-2 text-sm text-ink shadow-xs hover:border-line-strong disabled:opacity-55',
        className,
      )}
      {...props}
    />
  )
}
