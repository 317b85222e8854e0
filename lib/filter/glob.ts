import { runAutomaton } from './glob-automaton.ts'
import { type GlobToken, tokenizeGlob } from './glob-tokens.ts'

export interface Glob {
  /** Whether the glob matches the whole of `text`. Takes time proportional to both lengths at most, whatever the glob. */
  matches(text: string): boolean
  /** What every match begins with. */
  readonly prefix: string
  /** True when everything that begins with `prefix` matches, as for `team-a/**`. */
  readonly isPrefixOnly: boolean
}

/**
 * Compiles a glob. `*` matches any run within a segment, `**` any run across segments, `**` and a slash zero or more
 * whole segments, `?` one character of a segment; everything else matches itself. So `team-a/**` matches `team-a/app`
 * and never `team-ab/app`.
 */
export function compileGlob(pattern: string): Glob {
  const tokens = tokenizeGlob(pattern)
  const first = tokens.findIndex(isWildcard)
  if (first < 0) return { prefix: pattern, isPrefixOnly: false, matches: (text) => text === pattern }
  const last = tokens.findLastIndex(isWildcard)
  const prefix = tokens.slice(0, first).join('')
  const suffix = tokens.slice(last + 1).join('')
  const isPrefixOnly = suffix === '' && first === last && isToken(tokens[first], 'deep-run')
  const matchesMiddle = compileMiddle(tokens.slice(first, last + 1))
  return {
    prefix,
    isPrefixOnly,
    matches(text) {
      if (text.length < prefix.length + suffix.length) return false
      if (!text.startsWith(prefix) || !text.endsWith(suffix)) return false
      return isPrefixOnly || matchesMiddle(text.slice(prefix.length, text.length - suffix.length))
    },
  }
}

/** More compiled globs than this are not kept. */
const KEPT = 1_000
const compiled = new Map<string, Glob>()

/** Whether `pattern` matches the whole of `text`: see `compileGlob`. Compiled globs are kept, as grants repeat them. */
export function matchesGlob(pattern: string, text: string): boolean {
  return globOf(pattern).matches(text)
}

/** The compiled glob, shared by everyone who uses the same pattern. */
export function globOf(pattern: string): Glob {
  let glob = compiled.get(pattern)
  if (!glob) {
    if (compiled.size >= KEPT) compiled.clear()
    glob = compileGlob(pattern)
    compiled.set(pattern, glob)
  }
  return glob
}

/** What stands between the literal ends of a glob; the most frequent forms need no automaton. */
function compileMiddle(tokens: readonly GlobToken[]): (text: string) => boolean {
  const [only, second] = tokens
  if (second === undefined) {
    if (isToken(only, 'deep-run')) return () => true
    if (isToken(only, 'run')) return (text) => !text.includes('/')
    if (isToken(only, 'segments')) return (text) => text === '' || text.endsWith('/')
  }
  const literal = longestLiteral(tokens)
  const run = runAutomaton(tokens)
  return (text) => text.includes(literal) && run(text)
}

/** Most texts lack it, and looking for it is far cheaper than the automaton. */
function longestLiteral(tokens: readonly GlobToken[]): string {
  const literals = tokens
    .map((token) => (typeof token === 'string' ? token : '\0'))
    .join('')
    .split('\0')
  return literals.reduce((longest, literal) => (literal.length > longest.length ? literal : longest), '')
}

function isWildcard(token: GlobToken): boolean {
  return typeof token !== 'string'
}

function isToken(token: GlobToken | undefined, wildcard: string): boolean {
  return typeof token === 'object' && token.wildcard === wildcard
}
