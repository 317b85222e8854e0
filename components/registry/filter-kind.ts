import { parseFilter } from '@/lib/filter/parse-filter'

export const FILTER_HINT = 'Words, a glob like team-*/app, or a regular expression between slashes: /^team-(a|b)/'

/** What kind of filter it is, unless it is just words. */
export function filterKind(typed: string): 'glob' | 'regexp' | undefined {
  const filter = parseFilter(typed)
  if (!filter) return undefined
  return 'glob' in filter ? 'glob' : 'pattern' in filter ? 'regexp' : undefined
}
