/**
 * Understands a glob once, to be asked of many texts: whether it matches the whole of each. `*` is any run within one
 * segment, `**` any run over segments, `**` and a slash no segment or several, `?` one character of a segment, everything
 * else itself. So `team-a/**` matches `team-a/app` and never `team-ab/app`.
 * An answer takes time in proportion to both lengths at most, whatever the pattern.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern)
  return (text) => {
    let reached = closure(tokens, 0)
    for (const char of text) {
      reached = advance(tokens, reached, char)
      if (reached.length === 0) return false
    }
    return reached.at(-1) === tokens.length
  }
}

/** Whether the pattern matches the whole of `text`: see `compileGlob`. */
export function matchesGlob(pattern: string, text: string): boolean {
  return compileGlob(pattern)(text)
}

/** `run`: `*`; `deep-run`: `**`; `segments`: `**` and a slash where a segment begins; `one`: `?`. */
type Token = 'run' | 'deep-run' | 'segments' | 'one' | { readonly literal: string }

function tokensOf(pattern: string): Token[] {
  const parts = pattern.match(/\*\*\/|\*\*|\*|\?|[^*?]/gu) ?? []
  return parts.flatMap((part, index): Token[] => {
    if (part === '*') return ['run']
    if (part === '**') return ['deep-run']
    if (part === '?') return ['one']
    if (part !== '**/') return [{ literal: part }]
    // Inside a segment, as in `a**/b`, the two stars are an ordinary run and the slash has to be there.
    const startsSegment = index === 0 || parts[index - 1]?.endsWith('/')
    return startsSegment ? ['segments'] : ['deep-run', { literal: '/' }]
  })
}

/** The tokens that may come next from `index` on: what may be empty is also passed. */
function closure(tokens: readonly Token[], index: number): number[] {
  const indices = [index]
  for (let at = index; mayBeEmpty(tokens[at]); at++) indices.push(at + 1)
  return indices
}

/** The tokens that may come next after one more character, in ascending order like those before it. */
function advance(tokens: readonly Token[], reached: readonly number[], char: string): number[] {
  const next: number[] = []
  // Whatever follows an index that is there has been added up to the last one: each is added once.
  const add = (indices: readonly number[]) => {
    const last = next.at(-1) ?? -1
    for (const index of indices) if (index > last) next.push(index)
  }
  for (const index of reached) {
    const token = tokens[index]
    if (token === undefined) continue
    if (token === 'segments') {
      add([index])
      if (char === '/') add(closure(tokens, index + 1))
    } else if (token === 'deep-run') add(closure(tokens, index))
    else if (token === 'run') char !== '/' && add(closure(tokens, index))
    else if (token === 'one' ? char !== '/' : token.literal === char) add(closure(tokens, index + 1))
  }
  return next
}

function mayBeEmpty(token: Token | undefined): boolean {
  return token === 'run' || token === 'deep-run' || token === 'segments'
}
