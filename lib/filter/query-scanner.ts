import type { Span, TextMatch } from './query.ts'

/** Reads the text of a query from left to right. */
export class QueryScanner {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  get char(): string {
    return this.text[this.at] ?? ''
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  /** The end of a term: white space, a parenthesis or the end of the query. */
  get isAtTermEnd(): boolean {
    return isTermEnd(this.char)
  }

  span(start: number): Span {
    return { start, end: this.at }
  }

  skipSpace(): void {
    while (isSpace(this.char)) this.at++
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false
    this.at += expected.length
    return true
  }

  /** Characters up to the end of the term or one of `stops`. */
  bare(stops = ''): string {
    const start = this.at
    while (!this.isAtTermEnd && !stops.includes(this.char)) this.at++
    return this.text.slice(start, this.at)
  }

  /** `"with \" and \\"`; undefined when the quote isn't closed, and then everything is read. */
  quoted(): string | undefined {
    this.at++
    let value = ''
    for (; !this.isAtEnd; this.at++) {
      if (this.take('"')) return value
      if (this.char === '\\' && /["\\]/.test(this.text[this.at + 1] ?? '')) this.at++
      value += this.char
    }
    return undefined
  }

  /** The pattern between slashes, the second one at the end of the term; undefined if there isn't one, and then nothing is read. */
  pattern(stops = ''): string | undefined {
    for (let end = this.at + 2; end < this.text.length; end++) {
      if (this.text[end] !== '/') continue
      const next = this.text[end + 1] ?? ''
      if (!isTermEnd(next) && !stops.includes(next)) continue
      const pattern = this.text.slice(this.at + 1, end)
      this.at = end + 1
      return pattern
    }
    return undefined
  }

  /** A value that is compared with a whole text, up to a comma; undefined after a quote that isn't closed. */
  value(): TextMatch | undefined {
    if (this.char === '"') {
      const text = this.quoted()
      return text === undefined ? undefined : { is: 'exact', text }
    }
    const pattern = this.char === '/' ? this.pattern(',') : undefined
    if (pattern !== undefined) return { is: 'pattern', text: pattern }
    const text = this.bare(',')
    return { is: /[*?]/.test(text) ? 'glob' : 'exact', text }
  }
}

function isTermEnd(char: string): boolean {
  return char === '' || char === '(' || char === ')' || isSpace(char)
}

function isSpace(char: string): boolean {
  return char !== '' && /\s/.test(char)
}
