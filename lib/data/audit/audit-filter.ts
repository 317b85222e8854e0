import { ACTIONS, OUTCOMES } from '../../audit/audit-entry.ts'
import type { LogFilter, LoggedAction } from '../../audit/read-log.ts'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { nearWords } from '../../filter/near-words.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, type QueryTerm, type TextMatch, termsOf } from '../../filter/query.ts'
import type { QueryMistake } from '../../filter/query-mistake.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'

export interface AuditFilter {
  readonly lookUp: LogFilter
  readonly matches: (action: LoggedAction) => boolean
  /** An explanation of what can't be parsed. */
  readonly mistakes: readonly string[]
}

/** Qualifiers of images, which don't apply to changes. */
const UNKNOWN_HERE: readonly QueryTerm['field'][] = ['label', 'platform', 'type', 'has', 'created', 'size', 'layers']

/** What only the log has, and its words where those are the only values. To the query these are labels. */
const OWN: Readonly<Record<string, readonly string[] | undefined>> = {
  user: undefined,
  action: ACTIONS,
  outcome: OUTCOMES,
}
const NAMES = ['registry', 'repo', 'tag', 'digest', ...Object.keys(OWN), 'date']
/** No label that somebody types has such a key. */
const MARK = '\u0000'

/**
 * The query language with `registry:`, `repo:`, `tag:` and `digest:`, and with `user:`, `action:`, `outcome:` and `date:`
 * beside it.
 * @param now milliseconds since the epoch, for time spans
 */
export function parseAuditFilter(text: string, now: number): AuditFilter {
  const own = text.replace(
    /(^|[\s(-])(user|action|outcome):([^\s()]*)/gi,
    (_, before: string, typed: string, value: string) => {
      const name = typed.toLowerCase()
      return `${before}label:"${MARK}${name}"=${OWN[name] ? value.toLowerCase() : value}`
    },
  )
  // A change's date is to the log what a tag's move is to a search.
  const parsed = checkPatterns(parseQuery(own.replace(/(^|[\s(-])date:/gi, '$1moved:')))
  const terms = termsOf(parsed.query)
  const foreign = terms.filter((term) => UNKNOWN_HERE.includes(term.field) && ownName(term) === undefined)
  const mistakes = [...parsed.mistakes.map(inTheLog), ...terms.flatMap(wrongValues)].map(queryMistakeText)
  if (foreign.length > 0)
    mistakes.push(`Filter the log by ${new Intl.ListFormat('en-GB').format(NAMES.map((name) => `${name}:`))}.`)
  const test = compileQuery(parsed.query, now)
  return {
    lookUp: lookUpOf(parsed.query, now),
    matches: (action) => test(factsOf(action)) === true,
    mistakes,
  }
}

/** The name of a qualifier of `OWN` as which the term was typed. */
function ownName(term: QueryTerm): string | undefined {
  return term.field === 'label' && term.key.startsWith(MARK) ? term.key.slice(MARK.length) : undefined
}

function inTheLog(mistake: QueryMistake): QueryMistake {
  const { code, found } = mistake
  // The value of a qualifier that stands here as a label.
  if (code === 'value' && found === '' && mistake.expected.startsWith('a value, for example team=quay'))
    return { ...mistake, expected: 'what comes after the colon, for example user:anna' }
  if (code !== 'qualifier') return mistake
  const expected = `one of ${NAMES.map((name) => `${name}:`).join(' ')}, or the text in quotes`
  return { ...mistake, expected, near: nearWords(found.slice(0, -1).toLowerCase(), NAMES) }
}

function wrongValues(term: QueryTerm): QueryMistake[] {
  const known = OWN[ownName(term) ?? '']
  if (!known || term.field !== 'label' || term.test === 'present') return []
  const wrong = term.anyOf.find(({ is, text }) => is === 'exact' && !known.includes(text))
  if (!wrong) return []
  const expected = `one of ${known.join(', ')}`
  return [{ code: 'value', at: term.at, found: wrong.text, expected, near: nearWords(wrong.text, known) }]
}

function factsOf({ entry, outcome }: LoggedAction) {
  const digests = [entry.digest_before, entry.digest_after, outcome?.digest_before, outcome?.digest_after]
  return {
    registry: entry.registry ?? '',
    repository: entry.repository ?? '',
    ...(entry.tag !== null && { tag: entry.tag }),
    labels: new Map([
      [`${MARK}user`, entry.actor === null ? [] : [entry.actor]],
      [`${MARK}action`, [entry.action]],
      [`${MARK}outcome`, [outcome?.outcome ?? entry.outcome ?? 'running']],
    ]),
    has: {},
    digests: digests.flatMap((digest) => digest?.split(':').slice(1) ?? []),
    moved: entry.at,
  }
}

const LOOKED_UP = { user: 'actors', action: 'actions', outcome: 'outcomes' } as const

/** The parts of a query that every match satisfies, and that an index can find. */
function lookUpOf(query: Query, now: number): LogFilter {
  const terms = query.op === 'and' ? query.terms : [query]
  const found: { -readonly [Key in keyof LogFilter]: LogFilter[Key] } = {}
  for (const term of terms) {
    if (term.op !== 'term') continue
    const own = ownName(term)
    if (own && term.field === 'label' && term.test === 'is' && term.anyOf.every(({ is }) => is === 'exact'))
      found[LOOKED_UP[own as keyof typeof LOOKED_UP]] = term.anyOf.map(({ text }) => text)
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
