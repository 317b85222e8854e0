import { cn } from './cn'

interface SkeletonProps {
  /** Rem; fills its container if omitted. */
  width?: number
  size?: 'text' | 'block'
  className?: string
}

/** A placeholder for text that is loading, so that nothing shifts when it arrives. */
export function Skeleton({ width, size = 'text', className }: SkeletonProps) {
  const shape = size === 'text' ? 'inline-block h-3 max-w-full align-middle' : 'block h-9'
  return (
    <span
      aria-hidden
      data-skeleton=""
      className={cn('animate-pulse rounded bg-line', shape, className)}
      style={{ width: width === undefined ? '100%' : `${width}rem` }}
    />
  )
}
