/**
 * Whether the pattern matches the whole of `text`: `*` any run within one segment, `**` any run over segments, `**` and
 * a slash no segment or several, `?` one character of a segment, everything else itself. So `team-a/**` matches `team-a/app` and never `team-ab/app`.
 * Takes time in proportion to both lengths, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\*\*\/|\*\*|\*|\?|[^*?]/gu) ?? []
  // reached[i]: the tokens so far can have consumed exactly the first i characters.
  let reached = new Array<boolean>(text.length + 1).fill(false)
  reached[0] = true
  let isSegmentStart = true
  for (const token of tokens) {
    // Inside a segment, as in `a**/b`, the two stars are an ordinary run and the slash has to be there.
    if (token === '**/' && !isSegmentStart) reached = afterLiteral('/', afterRun(reached, text, true), text)
    else if (token === '**/') reached = afterSegments(reached, text)
    else if (token === '**' || token === '*') reached = afterRun(reached, text, token === '**')
    else if (token === '?') reached = afterOne(reached, text)
    else reached = afterLiteral(token, reached, text)
    isSegmentStart = token.endsWith('/')
  }
  return reached[text.length] === true
}

function afterLiteral(literal: string, reached: readonly boolean[], text: string): boolean[] {
  return reached.map(
    (_, end) =>
      end >= literal.length && reached[end - literal.length] === true && text.startsWith(literal, end - literal.length),
  )
}

function afterOne(reached: readonly boolean[], text: string): boolean[] {
  return reached.map((_, end) => end > 0 && reached[end - 1] === true && text[end - 1] !== '/')
}

function afterRun(reached: readonly boolean[], text: string, crossesSlashes: boolean): boolean[] {
  let open = false
  return reached.map((here, end) => {
    if (end > 0 && text[end - 1] === '/' && !crossesSlashes) open = false
    open ||= here
    return open
  })
}

function afterSegments(reached: readonly boolean[], text: string): boolean[] {
  let open = false
  return reached.map((here, end) => {
    const result = here || (open && text[end - 1] === '/')
    open ||= here
    return result
  })
}
