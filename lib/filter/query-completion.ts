import type { Span } from './query.ts'
import { QUALIFIERS } from './query-qualifiers.ts'

/** What could be typed at the cursor, given the names, keys and values that exist. */
export interface CompletionPlace {
  /** `term`: a qualifier or a name; `key`: a label's key; `value`: one of a label's or a qualifier's values. */
  readonly wants:
    | { readonly kind: 'term' }
    | { readonly kind: 'key' }
    | { readonly kind: 'value'; readonly of: 'label'; readonly key: string }
    | { readonly kind: 'value'; readonly of: 'registry' | 'repo' | 'tag' | 'platform' | 'type' | 'has' }
    /** A date, a size, a number: nothing to choose from, only a form. */
    | { readonly kind: 'form'; readonly expected: string }
  /** What has been typed of it, without an opening quote. */
  readonly typed: string
  /** What a chosen completion replaces. */
  readonly replaces: Span
}

/** Finds out what is being typed at `cursor`. Whatever stands elsewhere in the query does not matter. */
export function completionPlace(text: string, cursor: number): CompletionPlace {
  const start = startOfTerm(text, cursor)
  const term = text.slice(start, cursor)
  const place = (from: number, wants: CompletionPlace['wants']): CompletionPlace => ({
    wants,
    typed: term
      .slice(from)
      .replace(/^"/, '')
      .replaceAll(/\\(["\\])/g, '$1'),
    replaces: { start: start + from, end: cursor },
  })
  const label = /^(?:label:)?(?:"((?:[^"\\]|\\.)*)"|([^\s"=!]+))!?=(?:[^,]*,)*/s.exec(term)
  if (label) {
    const key = label[2] ?? (label[1] ?? '').replaceAll(/\\(["\\])/g, '$1')
    return place(label[0].length, { kind: 'value', of: 'label', key })
  }
  if (term.startsWith('label:')) return place('label:'.length, { kind: 'key' })
  const [head = '', name = ''] = /^([a-z]+):(?:[^,]*,)*/s.exec(term) ?? []
  const qualifier = QUALIFIERS.get(name)
  if (!qualifier) return place(0, { kind: 'term' })
  if (isListed(name)) return place(head.length, { kind: 'value', of: name })
  return place(head.length, { kind: 'form', expected: qualifier.expected })
}

const LISTED = ['registry', 'repo', 'tag', 'platform', 'type', 'has'] as const

function isListed(name: string): name is (typeof LISTED)[number] {
  return (LISTED as readonly string[]).includes(name)
}

/** Where the term around the cursor begins, past `-` and `(`; white space inside quotes belongs to it. */
function startOfTerm(text: string, cursor: number): number {
  let start = 0
  let isQuoted = false
  for (let at = 0; at < cursor; at++) {
    const char = text[at] as string
    if (isQuoted && char === '\\') at++
    else if (char === '"' && (isQuoted || /[\s(),=:-]/.test(text[at - 1] ?? ' '))) isQuoted = !isQuoted
    else if (!isQuoted && /[\s()]/.test(char)) start = at + 1
  }
  while (start < cursor && text[start] === '-') start++
  return start
}
