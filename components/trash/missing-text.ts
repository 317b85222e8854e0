import { plural } from '@/lib/format/bytes'

const NAMED = 2

/** Digests of what is lost; of many, the first and how many more: an image may have a hundred layers. */
export function missingText(digests: readonly string[]): string {
  const more = digests.length - NAMED
  if (more <= 0) return digests.join(' and ')
  return `${digests.slice(0, NAMED).join(', ')} and ${plural(more, 'more blob')}`
}
