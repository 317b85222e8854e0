/** A character that matches itself, or a wildcard: `run` is `*`, `deep-run` `**`, `segments` `**` and a slash at the start of a segment, `one` `?`. */
export type GlobToken = string | { readonly wildcard: 'run' | 'deep-run' | 'segments' | 'one' }

/** The tokens of a glob, with neighbouring stars folded into one: `**` `**` means the same as `**`. */
export function tokenizeGlob(pattern: string): GlobToken[] {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|[^*?]/gu) ?? []
  const tokens: GlobToken[] = []
  parts.forEach((part, index) => {
    // Inside a segment, as in `a**/b`, the slash has to be there.
    const startsSegment = index === 0 || parts[index - 1]?.endsWith('/')
    if (part === '**/' && !startsSegment) {
      push(tokens, DEEP_RUN)
      push(tokens, '/')
    } else push(tokens, WILDCARDS.get(part) ?? part)
  })
  return tokens
}

const DEEP_RUN = { wildcard: 'deep-run' } as const
const WILDCARDS: ReadonlyMap<string, GlobToken> = new Map<string, GlobToken>([
  ['*', { wildcard: 'run' }],
  ['**', DEEP_RUN],
  ['**/', { wildcard: 'segments' }],
  ['?', { wildcard: 'one' }],
])

function push(tokens: GlobToken[], token: GlobToken): void {
  const last = tokens.at(-1)
  const both =
    typeof last === 'object' && typeof token === 'object' ? foldedWildcard(last.wildcard, token.wildcard) : undefined
  if (both === undefined) tokens.push(token)
  else tokens[tokens.length - 1] = { wildcard: both }
}

type Wildcard = Exclude<GlobToken, string>['wildcard']

/** The one wildcard that matches what two in a row match; undefined when both are needed. */
function foldedWildcard(first: Wildcard, second: Wildcard): Wildcard | undefined {
  if (first === 'one' || second === 'one') return undefined
  if (first === second) return first
  if (first === 'deep-run' || second === 'deep-run') return 'deep-run'
  return undefined
}
