import { cn } from './cn'

/** Drawn as lucide draws them, on a field of 24. */
const PATHS = {
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  box: 'M21 8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16ZM3.3 7l8.7 5 8.7-5M12 22V12',
  folder:
    'M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z',
  chevron: 'm9 18 6-6-6-6',
} as const

export type IconName = keyof typeof PATHS

/** An icon that a page shows many times: each is a reference to the one drawing in `IconSprite`. */
export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg aria-hidden="true" className={cn('icon', name === 'more' && 'dots', className)}>
      <use href={`#icon-${name}`} />
    </svg>
  )
}

/** The drawings; once on a page. */
export function IconSprite() {
  return (
    <svg aria-hidden="true" className="absolute size-0">
      {Object.entries(PATHS).map(([name, path]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 24 24">
          <path d={path} />
        </symbol>
      ))}
    </svg>
  )
}
