import { skipSpace, tokenAt, valueAt } from '../wire/header-text.ts'

/** Longer headers are cut: an address that matters is shorter. */
const MAX_LENGTH = 16_384

/**
 * The target of the first `rel=next` of a Link header (RFC 8288). Targets may be unescaped, as zot sends them. Scanned
 * once from its beginning to its end, whatever it holds.
 */
export function nextLink(link: string | readonly string[] | undefined): string | undefined {
  const headers = link === undefined ? [] : typeof link === 'string' ? [link] : link
  for (const header of headers) {
    const text = header.slice(0, MAX_LENGTH)
    let at = 0
    for (;;) {
      const open = text.indexOf('<', at)
      const close = open < 0 ? -1 : text.indexOf('>', open)
      if (close < 0) break
      const { rel, end } = relationAt(text, close + 1)
      if (rel.includes('next')) return text.slice(open + 1, close)
      at = end
    }
  }
  return undefined
}

/** The relations of the target that ends at `at`, in lower case, and where its parameters end. */
function relationAt(text: string, at: number): { rel: readonly string[]; end: number } {
  let rel: string | undefined
  for (;;) {
    const semicolon = skipSpace(text, at)
    if (text[semicolon] !== ';') return { rel: rel?.toLowerCase().split(/\s/) ?? [], end: semicolon }
    const start = skipSpace(text, semicolon + 1)
    const name = tokenAt(text, start) ?? ''
    at = skipSpace(text, start + name.length)
    if (text[at] !== '=') continue
    const value = valueAt(text, at + 1, ';, \t')
    at = value.end
    // Of several the first counts (RFC 8288, 3.3).
    if (name.toLowerCase() === 'rel') rel ??= value.text
  }
}
