const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y

/** The token (RFC 9110, 5.6.2) that begins at `at`. */
export function tokenAt(text: string, at: number): string | undefined {
  TOKEN.lastIndex = at
  return TOKEN.exec(text)?.[0]
}

export function skipSpace(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

/** The value of a parameter after its `=`, quoted or bare; a bare one ends at one of `ends`. */
export function valueAt(text: string, from: number, ends: string): { text: string; end: number } {
  const start = skipSpace(text, from)
  if (text[start] === '"') return quoted(text, start)
  let end = start
  while (end < text.length && !ends.includes(text.charAt(end))) end++
  return { text: text.slice(start, end), end }
}

function quoted(text: string, open: number): { text: string; end: number } {
  let value = ''
  let at = open + 1
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++
    value += text[at]
  }
  return { text: value, end: at + 1 }
}
