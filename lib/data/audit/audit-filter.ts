import { ACTIONS, OUTCOMES } from '../../audit/audit-entry.ts'
import type { LogFilter, LoggedAction } from '../../audit/read-log.ts'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, type QueryTerm, type TextMatch, termsOf } from '../../filter/query.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'

export interface AuditFilter {
  readonly lookUp: LogFilter
  readonly matches: (action: LoggedAction) => boolean
  /** An explanation of what can't be parsed. */
  readonly mistakes: readonly string[]
}

/** Qualifiers of images, which don't apply to changes. */
const UNKNOWN_HERE: readonly QueryTerm['field'][] = ['label', 'platform', 'type', 'has', 'created', 'size', 'layers']

/**
 * The query language with `registry:`, `repo:`, `tag:` and `digest:`, and with `user:`, `action:`, `outcome:` and `date:`
 * beside it.
 * @param now milliseconds since the epoch, for time spans
 */
export function parseAuditFilter(text: string, now: number): AuditFilter {
  const own = new Map<string, string[]>()
  const mistakes: string[] = []
  const rest = text.replace(/(^|\s)(user|action|outcome):(\S*)/gi, (_, space: string, name: string, values: string) => {
    const key = name.toLowerCase()
    const given = values.split(',').filter((value) => value !== '')
    const known: readonly string[] | undefined = { action: ACTIONS, outcome: OUTCOMES }[key]
    const wrong = given.find((value) => known && !known.includes(value.toLowerCase()))
    if (given.length === 0 || wrong !== undefined)
      mistakes.push(`${key}: expects ${known ? known.join(', ') : 'a user name, for example user:anna'}`)
    else own.set(key, [...(own.get(key) ?? []), ...(known ? given.map((value) => value.toLowerCase()) : given)])
    return space
  })
  // A change's date is to the log what a tag's move is to a search.
  const parsed = checkPatterns(parseQuery(rest.replace(/(^|[\s(-])date:/gi, '$1moved:')))
  const foreign = termsOf(parsed.query).filter(({ field }) => UNKNOWN_HERE.includes(field))
  mistakes.push(...parsed.mistakes.map(queryMistakeText))
  if (foreign.length > 0)
    mistakes.push('Filter the log by registry:, repo:, tag:, digest:, user:, action:, outcome: and date:')
  const test = compileQuery(parsed.query, now)
  return {
    lookUp: {
      actors: own.get('user'),
      actions: own.get('action'),
      outcomes: own.get('outcome'),
      ...lookUpOf(parsed.query, now),
    },
    matches: (action) => test(factsOf(action)) === true,
    mistakes,
  }
}

function factsOf({ entry, outcome }: LoggedAction) {
  const digests = [entry.digest_before, entry.digest_after, outcome?.digest_before, outcome?.digest_after]
  return {
    registry: entry.registry ?? '',
    repository: entry.repository ?? '',
    ...(entry.tag !== null && { tag: entry.tag }),
    has: {},
    digests: digests.flatMap((digest) => digest?.split(':').slice(1) ?? []),
    moved: entry.at,
  }
}

/** The parts of a query that every match satisfies, and that an index can find. */
function lookUpOf(query: Query, now: number): LogFilter {
  const terms = query.op === 'and' ? query.terms : [query]
  const found: { -readonly [Key in keyof LogFilter]: LogFilter[Key] } = {}
  for (const term of terms) {
    if (term.op !== 'term') continue
    if (term.field === 'repo' && isExact(term.anyOf)) found.repositories = term.anyOf.map(({ text }) => text)
    if (term.field === 'moved') {
      const { from, before } = term.range
      // `moved:<7d` is at most that long ago: the range is of elapsed time.
      if (term.unit === 'at') Object.assign(found, { from, before })
      else if (before !== undefined) found.from = now - before
    }
  }
  return found
}

function isExact(matches: readonly TextMatch[]): boolean {
  // Names are compared whatever their case: these have none.
  return matches.every(({ is, text }) => is === 'exact' && text === text.toLowerCase())
}
