import { cn } from '@/components/ui/cn'
import type { FoundTag } from '@/lib/data/search/read-search'
import { visibleText } from '@/lib/format/visible-text'

const SHOWN = 4
const BOXES = 8

interface MatchingPlatformsProps {
  readonly images: FoundTag['images']
  /** There is something to match. */
  readonly isNarrowed: boolean
}

/** How many of a tag's platform images satisfy the query, and which. */
export function MatchingPlatforms({ images, isNarrowed }: MatchingPlatformsProps) {
  const matching = images.filter(({ matches }) => matches)
  const names = matching.flatMap(({ platform }) => (platform === undefined ? [] : [visibleText(platform)]))
  const shown = `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` +${names.length - SHOWN}` : ''}`
  if (!isNarrowed && names.length === 0) return images.length > 0 && <span className="unknown">not runnable</span>
  if (!isNarrowed) return <span title={names.join('\n')}>{shown}</span>
  return (
    <>
      <span className="inline-flex items-baseline gap-1.5">
        {images.length <= BOXES && (
          <span aria-hidden className="inline-flex gap-0.5 self-center">
            {images.map(({ digest, matches }) => (
              <i key={digest} className={cn('h-3 w-1.5 rounded-[2px] border border-accent', matches && 'bg-accent')} />
            ))}
          </span>
        )}
        {images.length === 1
          ? `its only ${names.length === 1 ? 'platform' : 'image'}`
          : `${matching.length} of ${images.length} platforms`}
      </span>
      {names.length > 0 && <small title={names.join('\n')}>{shown}</small>}
    </>
  )
}
