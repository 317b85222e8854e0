import { ACTIONS, OUTCOMES } from '../../audit/audit-entry.ts'
import type { LogFilter, LoggedAction } from '../../audit/read-log.ts'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, type QueryTerm, type TextMatch, termsOf } from '../../filter/query.ts'
import { QUALIFIERS, type Qualifier } from '../../filter/query-qualifiers.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'

export interface AuditFilter {
  readonly lookUp: LogFilter
  readonly matches: (action: LoggedAction) => boolean
  /** It asks for what a job did, one by one. */
  readonly asksForJob: boolean
  /** An explanation of what can't be parsed. */
  readonly mistakes: readonly string[]
}

/** In the key of a label that stands for what only the log has: no label that somebody types has such a key. */
const MARK = '\u0000'

/** What finds rows of the log: the words of a search that apply to changes, and its own. */
const QUALIFIERS_OF_LOG = new Map(
  [
    ...ofImages('registry', 'repo', 'tag', 'digest'),
    own('user', 'changes by a user', 'a user, for example user:anna'),
    own('action', 'kinds of changes', `one of ${ACTIONS.join(', ')}`, ACTIONS),
    own('outcome', 'what came of a change', `one of ${OUTCOMES.join(', ')}`, OUTCOMES),
    own('job', 'the changes of a job', 'the job that a row of the log names'),
    own('request', 'the changes of a request', 'the request that a row of the log names'),
    // A change's date is to the log what a tag's move is to a search.
    ...ofImages('moved').map((moved) => ({ ...moved, name: 'date', finds: 'changes within a time span' })),
  ].map((qualifier) => [qualifier.name, qualifier]),
)

/**
 * The query language with `registry:`, `repo:`, `tag:` and `digest:`, and with `user:`, `action:`, `outcome:`, `job:`,
 * `request:` and `date:` beside it.
 * @param now milliseconds since the epoch, for time spans
 */
export function parseAuditFilter(text: string, now: number): AuditFilter {
  const parsed = checkPatterns(parseQuery(text, QUALIFIERS_OF_LOG))
  const mistakes = parsed.mistakes.map(queryMistakeText)
  if (termsOf(parsed.query).some((term) => term.field === 'label' && ownName(term) === undefined)) {
    const names = [...QUALIFIERS_OF_LOG.keys()].map((name) => `${name}:`)
    mistakes.push(`Filter the log by ${new Intl.ListFormat('en-GB').format(names)}.`)
  }
  const test = compileQuery(parsed.query, now)
  return {
    lookUp: lookUpOf(parsed.query, now),
    matches: (action) => test(factsOf(action)) === true,
    asksForJob: termsOf(parsed.query).some((term) => ownName(term) === 'job'),
    mistakes,
  }
}

/** @param words where those are the only values */
function own(name: string, finds: string, expected: string, words?: readonly string[]): Qualifier {
  const isKnown = ({ is, text }: TextMatch) => is !== 'exact' || !words || words.includes(text.toLowerCase())
  return {
    name,
    finds,
    expected,
    ...(words && { words }),
    parse(values) {
      if (!values.every(isKnown)) return undefined
      const anyOf = words ? values.map(({ is, text }) => ({ is, text: text.toLowerCase() })) : values
      return { field: 'label', key: MARK + name, test: 'is', anyOf }
    },
  }
}

function ofImages(...names: string[]): Qualifier[] {
  return names.flatMap((name) => QUALIFIERS.get(name) ?? [])
}

/** The name of the log's own qualifier as which the term was typed. */
function ownName(term: QueryTerm): string | undefined {
  return term.field === 'label' && term.key.startsWith(MARK) ? term.key.slice(MARK.length) : undefined
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
      [`${MARK}job`, entry.job === null ? [] : [entry.job]],
      [`${MARK}request`, entry.request === null ? [] : [entry.request]],
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
    if (own && isLookedUp(own) && term.field === 'label' && term.test === 'is' && isEachExact(term.anyOf))
      found[LOOKED_UP[own]] = term.anyOf.map(({ text }) => text)
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

function isLookedUp(name: string): name is keyof typeof LOOKED_UP {
  return Object.hasOwn(LOOKED_UP, name)
}

function isEachExact(matches: readonly TextMatch[]): boolean {
  return matches.every(({ is }) => is === 'exact')
}

function isExact(matches: readonly TextMatch[]): boolean {
  // Names are compared whatever their case: these have none.
  return matches.every(({ is, text }) => is === 'exact' && text === text.toLowerCase())
}
