import { cn } from './cn'

/** Holds the place of text that is on its way, so that nothing shifts when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn('inline-block h-3 w-24 animate-pulse rounded bg-line align-middle', className)} />
  )
}
