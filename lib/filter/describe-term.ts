import type { QueryTerm, Range, TextMatch } from './query.ts'
import { COUNT, DURATION, INSTANT, type Measure, printRange, SIZE } from './query-range.ts'

export type Words = readonly { readonly text: string; readonly strong?: boolean }[]

/** Terms about the repository or the tag rather than an image of it. */
export function isPlaceTerm({ field }: QueryTerm): boolean {
  return field === 'name' || field === 'registry' || field === 'repo' || field === 'tag' || field === 'moved'
}

/** Directly after "Tags": `in web/**`, `not named latest`, `whose name contains api`. */
export function placePhrase(term: QueryTerm, isNegated: boolean): Words {
  const [verb, ...rest] = termPhrase(term, isNegated)
  const text = verb?.text ?? ''
  if (/^is(?:n’t)? /.test(text)) return [{ text: text.replace(/^is /, '').replace(/^isn’t /, 'not ') }, ...rest]
  return [{ text: `${term.field === 'moved' ? 'that' : 'whose name'} ${text}` }, ...rest]
}

/** After "that": `has the label team`, `isn't for linux/arm64`. */
export function termPhrase(term: QueryTerm, isNegated: boolean): Words {
  const say = (positive: string, negative: string, strong: readonly string[], after = ''): Words => [
    { text: `${isNegated ? negative : positive} ` },
    ...strong.flatMap((text, index) => [...(index === 0 ? [] : [{ text: ' or ' }]), { text, strong: true }]),
    ...(after === '' ? [] : [{ text: after }]),
  ]
  switch (term.field) {
    case 'name':
      return term.match.is === 'contains' || term.match.is === 'exact'
        ? say('contains', 'doesn’t contain', [term.match.text])
        : say('matches', 'doesn’t match', [textOf(term.match).replace(/^\*\*\//, '')])
    case 'registry':
      return say('is in the registry', 'isn’t in the registry', term.anyOf.map(textOf))
    case 'repo':
      return say('is in', 'isn’t in', term.anyOf.map(textOf))
    case 'tag':
      return say('is named', 'isn’t named', term.anyOf.map(textOf))
    case 'label': {
      if (term.test === 'present') return say('has the label', 'lacks the label', [term.key])
      const values = term.anyOf.map(textOf).map((text) => (text === '' ? '""' : text))
      return term.test === 'is'
        ? say(`has the label ${term.key} set to`, `doesn’t have the label ${term.key} set to`, values)
        : say(
            `has the label ${term.key} set to something other than`,
            `doesn’t have the label ${term.key} set to anything other than`,
            values,
          )
    }
    case 'platform':
      return say('is for', 'isn’t for', term.anyOf.map(textOf))
    case 'type':
      return say('is of type', 'isn’t of type', term.anyOf)
    case 'has':
      return say(
        'has',
        'lacks',
        term.anyOf.map((kind) => ATTACHED[kind]),
      )
    case 'digest':
      return say('contains', 'doesn’t contain', term.anyOf)
    case 'created':
    case 'moved': {
      const when = term.unit === 'ago' ? `${amount(term.range, SPOKEN)} ago` : moment(term.range)
      return term.field === 'created'
        ? say('was created', 'wasn’t created', [when])
        : say('moved', 'didn’t move', [when])
    }
    case 'size':
      return say('takes', 'doesn’t take', [amount(term.range, SIZE)])
    case 'layers': {
      const count = amount(term.range, COUNT)
      // `1`, `more than 1`; but `between 0 and 1 layers`.
      return say('has', 'doesn’t have', [count], /^(?:\w+ \w+ )?1$/.test(count) ? ' layer' : ' layers')
    }
  }
}

const ATTACHED = { signature: 'a signature', sbom: 'an SBOM', provenance: 'provenance' } as const

function textOf({ is, text }: TextMatch): string {
  return is === 'pattern' ? `/${text}/` : text
}

const UNITS: Readonly<Record<string, string>> = {
  y: 'year',
  mo: 'month',
  w: 'week',
  d: 'day',
  h: 'hour',
  min: 'minute',
  s: 'second',
}

const DAY = 86_400_000
const YEAR = 365 * DAY

/** Days as people say them: 90 days, not three months of 30 days. */
const SPOKEN: Measure = {
  ...DURATION,
  print: (value, edge) =>
    value > 0 && value % DAY === 0 && value % YEAR !== 0 ? `${value / DAY}d` : DURATION.print(value, edge),
}

/** `more than 90 days`, `between 1 GiB and 2 GiB`. */
function amount(range: Range, measure: Measure): string {
  const named = (text: string) =>
    text.replace(/^(\d+(?:\.\d+)?)([A-Za-z]+)$/, (_, digits: string, unit: string) => {
      const name = measure === SPOKEN ? UNITS[unit] : undefined
      return name ? `${digits} ${name}${digits === '1' ? '' : 's'}` : `${digits} ${unit}`
    })
  return compared(printRange(range, measure), named, ['more than', 'at least', 'less than', 'at most'])
}

/** `after 2026-01-01`. */
function moment(range: Range): string {
  return compared(printRange(range, INSTANT), (text) => text, ['after', 'on or after', 'before', 'until the end of'])
}

/** @param words for `>`, `>=`, `<` and `<=` */
function compared(printed: string, named: (text: string) => string, words: readonly string[]): string {
  const [, from, to] = /^(.*)\.\.(.*)$/.exec(printed) ?? []
  if (from !== undefined && to !== undefined)
    return from === to ? named(from) : `between ${named(from)} and ${named(to)}`
  const [, comparison = '', value = printed] = /^(>=|>|<=|<)(.*)$/.exec(printed) ?? []
  const word = words[['>', '>=', '<', '<='].indexOf(comparison)]
  return word ? `${word} ${named(value)}` : named(value)
}
