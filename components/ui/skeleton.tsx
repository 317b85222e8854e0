import { cn } from './cn'

interface SkeletonProps {
  /** Its width: `w-24`. */
  className: string
  size?: 'text' | 'block'
}

/** Holds the place of text that is on its way, so that nothing shifts when it comes. */
export function Skeleton({ className, size = 'text' }: SkeletonProps) {
  const shape = size === 'text' ? 'inline-block h-3 align-middle' : 'block h-9'
  return <span aria-hidden className={cn('animate-pulse rounded bg-line', shape, className)} />
}
