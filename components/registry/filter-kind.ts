import { parseFilter } from '@/lib/filter/parse-filter'

export const FILTER_HINT = 'Words, a glob such as team-*/app, or a regular expression between slashes: /^team-(a|b)/'

/** What a filter was understood as, where it is not just words. */
export function filterKind(typed: string): 'glob' | 'regexp' | undefined {
  const filter = parseFilter(typed)
  if (!filter || 'words' in filter) return undefined
  return 'glob' in filter ? 'glob' : 'regexp'
}
