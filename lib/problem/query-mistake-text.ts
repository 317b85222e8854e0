import type { QueryMistake } from '../filter/query-mistake.ts'

/** A mistake in a query as a sentence or two: `"imgae" isn't a value here. Did you mean image? Expected one of …` */
export function queryMistakeText({ code, found, expected, near }: QueryMistake): string {
  const guess = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''
  return `${faultOf(code, found)}.${guess} Expected ${expected}.`
}

function faultOf(code: QueryMistake['code'], found: string): string {
  switch (code) {
    case 'qualifier':
      return `Unknown qualifier ${found}`
    case 'value':
      return found === '' ? 'A value is missing' : `“${found}” can’t be used here`
    case 'term':
      return found === '()' ? 'There is nothing between the parentheses' : `${found} stands alone`
    case 'parenthesis':
      return found === '(' ? 'A parenthesis isn’t closed' : 'A closing parenthesis has no match'
    case 'quote':
      return found === '"' ? 'A quote isn’t closed' : `“${found}” directly follows a value`
    case 'too-long':
      return 'The query is too long'
    case 'too-many-terms':
      return 'The query has too many terms'
    case 'pattern':
      return `“${found}” can’t be used as a pattern`
  }
}
