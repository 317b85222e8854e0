import { nearWords } from './near-words.ts'
import { EVERYTHING, MAX_QUERY_LENGTH, MAX_QUERY_TERMS, type Query, type Span, type TermBody } from './query.ts'
import { queryGroup } from './query-group.ts'
import type { QueryMistake } from './query-mistake.ts'
import { QUALIFIERS, type Qualifier } from './query-qualifiers.ts'
import { QueryScanner } from './query-scanner.ts'

export interface ParsedQuery {
  readonly query: Query
  /** In the order of the text. What they point at is left out of `query`. */
  readonly mistakes: readonly QueryMistake[]
}

/**
 * Parses a query as people type it. It never throws: a part that can't be understood, or isn't finished yet, becomes a
 * mistake with its place, and the rest is the query. Regular expressions are checked where they are compiled.
 * @param qualifiers the words before a colon, by their names
 */
export function parseQuery(text: string, qualifiers: ReadonlyMap<string, Qualifier> = QUALIFIERS): ParsedQuery {
  if (text.length > MAX_QUERY_LENGTH) {
    const at = { start: MAX_QUERY_LENGTH, end: text.length }
    const expected = `at most ${MAX_QUERY_LENGTH.toLocaleString('en')} characters`
    return { query: EVERYTHING, mistakes: [{ code: 'too-long', at, found: '', expected, near: [] }] }
  }
  const parser = new Parser(text, qualifiers)
  const query = parser.whole()
  return { query, mistakes: parser.mistakes.toSorted((a, b) => a.at.start - b.at.start) }
}

class Parser {
  readonly mistakes: QueryMistake[] = []
  readonly #scanner: QueryScanner
  readonly #qualifiers: ReadonlyMap<string, Qualifier>
  #terms = 0

  constructor(text: string, qualifiers: ReadonlyMap<string, Qualifier>) {
    this.#scanner = new QueryScanner(text)
    this.#qualifiers = qualifiers
  }

  whole(): Query {
    const scanner = this.#scanner
    const parts: (Query | undefined)[] = []
    while (true) {
      parts.push(this.#either())
      if (scanner.isAtEnd) break
      scanner.at++
      this.#mistake('parenthesis', scanner.span(scanner.at - 1), ')', 'a ( before it')
    }
    return queryGroup('and', parts, { start: 0, end: scanner.text.length })
  }

  /** Sides of `or`, up to the end of the text or a closing parenthesis. */
  #either(): Query | undefined {
    const scanner = this.#scanner
    const start = scanner.at
    const sides = [this.#all()]
    let word = this.#word('or')
    while (word) {
      const side = this.#all()
      if (side === undefined || sides.at(-1) === undefined)
        this.#mistake('term', word, 'or', 'a term on both sides of or, for example tag:latest or tag:stable')
      sides.push(side)
      word = this.#word('or')
    }
    return sides.every((side) => side === undefined) ? undefined : queryGroup('or', sides, scanner.span(start))
  }

  /** Terms that must all match. Undefined without terms. */
  #all(): Query | undefined {
    const scanner = this.#scanner
    const terms: (Query | undefined)[] = []
    scanner.skipSpace()
    const start = scanner.at
    let end = start
    while (!scanner.isAtEnd && scanner.char !== ')' && !this.#isWord('or')) {
      if (!this.#word('and')) terms.push(this.#negatable())
      end = scanner.at
      scanner.skipSpace()
    }
    return terms.some((term) => term !== undefined) ? queryGroup('and', terms, { start, end }) : undefined
  }

  #negatable(): Query | undefined {
    const scanner = this.#scanner
    const start = scanner.at
    if (!scanner.take('-')) return scanner.char === '(' ? this.#parenthesized() : this.#term()
    if (scanner.isAtTermEnd && scanner.char !== '(') {
      this.#mistake('term', scanner.span(start), '-', 'a term directly after -, for example -label:team')
      return undefined
    }
    const term = this.#negatable()
    if (term === undefined) return undefined
    return term.op === 'not' ? term.term : { op: 'not', term, at: scanner.span(start) }
  }

  #parenthesized(): Query | undefined {
    const scanner = this.#scanner
    const start = scanner.at++
    const inside = this.#either()
    if (!scanner.take(')')) this.#mistake('parenthesis', { start, end: start + 1 }, '(', 'a ) to close it')
    else if (inside === undefined) this.#mistake('term', scanner.span(start), '()', 'a term between the parentheses')
    return inside
  }

  #term(): Query | undefined {
    const scanner = this.#scanner
    const start = scanner.at
    const body = this.#body()
    if (body === undefined) return undefined
    if (++this.#terms > MAX_QUERY_TERMS) {
      if (this.#terms === MAX_QUERY_TERMS + 1)
        this.#mistake(
          'too-many-terms',
          scanner.span(start),
          scanner.text.slice(start, scanner.at),
          `at most ${MAX_QUERY_TERMS} terms`,
        )
      return undefined
    }
    return { op: 'term', ...body, at: scanner.span(start) }
  }

  #body(): TermBody | undefined {
    const scanner = this.#scanner
    const start = scanner.at
    if (scanner.char === '"') {
      const text = this.#quoted()
      if (text === undefined) return undefined
      return /^!?=/.test(scanner.text.slice(scanner.at))
        ? this.#comparison(text)
        : { field: 'name', match: { is: 'contains', text } }
    }
    const pattern = scanner.char === '/' ? scanner.pattern() : undefined
    if (pattern !== undefined) return { field: 'name', match: { is: 'pattern', text: pattern } }
    const head = scanner.bare(':=')
    if (scanner.char === ':' && /^[A-Za-z]\w*$/.test(head)) return this.#qualified(head, start)
    const word = head + scanner.bare('=')
    if (scanner.char === '=' && word.replace(/!$/, '') !== '') {
      scanner.at = start
      return this.#comparison(this.#key(''))
    }
    const text = word + scanner.bare()
    if (/[*?]/.test(text))
      return { field: 'name', match: { is: 'glob', text: text.includes('/') ? text : `**/${text}` } }
    return { field: 'name', match: { is: 'contains', text } }
  }

  #qualified(head: string, start: number): TermBody | undefined {
    const scanner = this.#scanner
    const name = head.toLowerCase()
    scanner.at++
    const qualifier = this.#qualifiers.get(name === 'sha256' || name === 'sha512' ? 'digest' : name)
    if (qualifier) return qualifier.parse ? this.#values(qualifier, start) : this.#label(qualifier, start)
    const at = scanner.span(start)
    scanner.bare()
    const names = [...this.#qualifiers.keys()]
    const expected = `one of ${names.map((known) => `${known}:`).join(' ')}, or the text in quotes`
    this.#mistake('qualifier', at, `${head}:`, expected, nearWords(name, names))
    return undefined
  }

  #values(qualifier: Qualifier, start: number): TermBody | undefined {
    const scanner = this.#scanner
    const from = scanner.at
    const values = this.#list()
    if (!values) return undefined
    const term = qualifier.parse?.(values)
    if (term && values.every(({ text }) => text !== '')) return term
    const wrong = values.find((value) => !qualifier.parse?.([value]))?.text ?? ''
    const at = from === scanner.at ? scanner.span(start) : scanner.span(from)
    const near = qualifier.words && wrong !== '' ? nearWords(wrong, qualifier.words) : []
    this.#mistake('value', at, wrong, qualifier.expected, near)
    return undefined
  }

  #label({ expected }: Qualifier, start: number): TermBody | undefined {
    const key = this.#key('=')
    if (key === undefined) return undefined
    if (key === '') {
      this.#mistake('value', this.#scanner.span(start), '', expected)
      return undefined
    }
    return /^!?=/.test(this.#scanner.text.slice(this.#scanner.at))
      ? this.#comparison(key)
      : { field: 'label', key, test: 'present' }
  }

  /** A label's key, up to `=`, `!=` or the end of the term. */
  #key(_stop: string): string | undefined {
    const scanner = this.#scanner
    if (scanner.char === '"') return this.#quoted()
    const key = scanner.bare('=')
    if (scanner.char !== '=' || !key.endsWith('!')) return key
    scanner.at--
    return key.slice(0, -1)
  }

  /** What comes after the key: `=a,b` or `!=a,b`. */
  #comparison(key: string | undefined): TermBody | undefined {
    const scanner = this.#scanner
    const test = scanner.take('!=') ? 'differs' : 'is'
    if (test === 'is') scanner.take('=')
    const from = scanner.at
    if (scanner.isAtTermEnd) {
      const at = { start: from - 1, end: from }
      this.#mistake('value', at, '', 'a value, for example team=quay, or "" for an empty one')
      return undefined
    }
    const anyOf = this.#list()
    if (key === '') {
      this.#mistake('value', { start: from - 1, end: from }, '', 'the key of a label before the =')
      return undefined
    }
    return key === undefined || !anyOf ? undefined : { field: 'label', key, test, anyOf }
  }

  #list() {
    const scanner = this.#scanner
    const values = []
    do {
      const start = scanner.at
      const value = scanner.value()
      if (value === undefined) {
        this.#unclosed(start)
        return undefined
      }
      // What directly follows a closing quote belongs to nothing.
      const rest = scanner.bare(',')
      if (rest !== '') {
        this.#mistake('quote', { start, end: scanner.at }, rest, 'a space or a comma after the closing quote')
        return undefined
      }
      values.push(value)
    } while (scanner.take(','))
    return values
  }

  #quoted(): string | undefined {
    const start = this.#scanner.at
    const text = this.#scanner.quoted()
    if (text === undefined) this.#unclosed(start)
    return text
  }

  #unclosed(start: number): void {
    this.#mistake('quote', { start, end: start + 1 }, '"', 'a closing quote')
  }

  #isWord(word: 'or' | 'and'): boolean {
    const scanner = this.#scanner
    const after = scanner.text[scanner.at + word.length] ?? ''
    return scanner.text.slice(scanner.at, scanner.at + word.length).toLowerCase() === word && /^[\s()]?$/.test(after)
  }

  #word(word: 'or' | 'and'): Span | undefined {
    this.#scanner.skipSpace()
    if (!this.#isWord(word)) return undefined
    const start = this.#scanner.at
    this.#scanner.at += word.length
    return this.#scanner.span(start)
  }

  #mistake(code: QueryMistake['code'], at: Span, found: string, expected: string, near: readonly string[] = []): void {
    this.mistakes.push({ code, at, found, expected, near })
  }
}
