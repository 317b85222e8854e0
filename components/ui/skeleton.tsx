import { cn } from './cn'

interface SkeletonProps {
  /** Rem; as wide as its place without one. */
  width?: number
  size?: 'text' | 'block'
  className?: string
}

/** Holds the place of text that is on its way, so that nothing shifts when it comes. */
export function Skeleton({ width, size = 'text', className }: SkeletonProps) {
  const shape = size === 'text' ? 'inline-block h-3 max-w-full align-middle' : 'block h-9'
  return (
    <span
      aria-hidden
      className={cn('animate-pulse rounded bg-line', shape, className)}
      style={{ width: width === undefined ? '100%' : `${width}rem` }}
    />
  )
}
