import { cn } from './cn'
import type { IconName } from './icon-sprite'

/** An icon that a page shows many times: each is a reference to the one drawing in `IconSprite`. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg aria-hidden="true" className={cn('icon', name === 'more' && 'dots', className)}>
      <use href={`#icon-${name}`} />
    </svg>
  )
}
