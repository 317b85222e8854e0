import { RowLink } from '@/components/ui/row-link'
import { Time } from '@/components/ui/time'
import type { ShownMove } from '@/lib/data/tags/shared-digests'

/** From which image a tag moved to its own, which leads to what has changed, and when. */
export function MovedNote({ move }: { move: ShownMove | undefined }) {
  if (!move) return null
  const { from, href, at, how } = move
  return (
    <small>
      moved <RowLink href={href}>from {from}</RowLink>, {how === 'sync' && 'noticed '}
      <Time iso={at} format="age-or-date" />
    </small>
  )
}
