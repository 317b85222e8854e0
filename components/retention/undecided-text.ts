import { plural } from '@/lib/format/bytes'

/** Why tags are kept that no rule keeps for sure. */
export function undecidedText(tags: number): string {
  return `${plural(tags, 'tag')} ${tags === 1 ? 'is' : 'are'} kept because a date, a signature or a label isn’t known.`
}
