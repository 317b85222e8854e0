import { isPlaceTerm, placePhrase, termPhrase, type Words } from './describe-term.ts'
import type { Query, QueryTerm } from './query.ts'

/** A query as a sentence: `Tags in web/** with an image that lacks the label licenses.` What was typed stands out. */
export function describeQuery(query: Query): Words {
  const parts = query.op === 'and' ? query.terms : [query]
  if (parts.length === 0) return [{ text: 'All tags.' }]
  const places = parts.filter((part) => placeOf(part) !== undefined)
  const images = parts.filter((part) => !places.includes(part))
  return [
    { text: 'Tags ' },
    ...joined(placePhrases(places), ' '),
    ...(images.length === 0
      ? []
      : [
          { text: `${places.length > 0 ? ' ' : ''}with at least one platform image that ` },
          ...joined(
            images.map((part) => phraseOf(part, false)),
            ' and ',
          ),
        ]),
    { text: '.' },
  ]
}

function placeOf(part: Query): QueryTerm | undefined {
  const term = part.op === 'not' ? part.term : part
  return term.op === 'term' && isPlaceTerm(term) ? term : undefined
}

/** Of several names: `whose name contains api and whose name contains web`. */
function placePhrases(places: readonly Query[]): Words[] {
  const phrases = places.flatMap((part) => {
    const term = placeOf(part)
    return term ? [placePhrase(term, part.op === 'not')] : []
  })
  const isWhose = (phrase: Words | undefined) => phrase?.[0]?.text.startsWith('whose ')
  return phrases.map((phrase, at) =>
    isWhose(phrase) && isWhose(phrases[at - 1]) ? [{ text: 'and ' }, ...phrase] : phrase,
  )
}

function phraseOf(query: Query, isNegated: boolean): Words {
  if (query.op === 'not') return phraseOf(query.term, !isNegated)
  if (query.op === 'term') return termPhrase(query, isNegated)
  // Not (a or b) is: neither a nor b.
  const isAnd = (query.op === 'and') !== isNegated
  const parts = query.terms.map((term) => phraseOf(term, isNegated))
  return isAnd ? joined(parts, ' and ') : [{ text: 'either ' }, ...joined(parts, ' or ')]
}

function joined(parts: readonly Words[], separator: string): Words {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: separator }, ...part]))
}
