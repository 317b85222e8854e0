import type { Query, QueryTerm, TextMatch } from './query.ts'
import { COUNT, DURATION, INSTANT, printRange, SIZE } from './query-range.ts'

/** The query as text, which `parseQuery` reads as the same query. */
export function printQuery(query: Query): string {
  switch (query.op) {
    case 'term':
      return printTerm(query)
    case 'not':
      return `-${inGroup(query.term)}`
    case 'and':
      return query.terms.map((term) => (term.op === 'or' ? inGroup(term) : printQuery(term))).join(' ')
    case 'or':
      return query.terms.map(printQuery).join(' or ')
  }
}

function inGroup(query: Query): string {
  return query.op === 'and' || query.op === 'or' ? `(${printQuery(query)})` : printQuery(query)
}

function printTerm(term: QueryTerm): string {
  switch (term.field) {
    case 'name':
      return printName(term.match)
    case 'registry':
    case 'repo':
    case 'tag':
    case 'platform':
      return `${term.field}:${printValues(term.anyOf)}`
    case 'label': {
      const key = /^[^\s()"=!]+$/.test(term.key) ? term.key : quote(term.key)
      if (term.test === 'present') return `label:${key}`
      return `label:${key}${term.test === 'is' ? '=' : '!='}${printValues(term.anyOf)}`
    }
    case 'type':
    case 'has':
    case 'digest':
      return `${term.field}:${term.anyOf.join(',')}`
    case 'created':
      return term.unit === 'ago'
        ? `age:${printRange(term.range, DURATION)}`
        : `created:${printRange(term.range, INSTANT)}`
    case 'moved':
      return `moved:${printRange(term.range, term.unit === 'ago' ? DURATION : INSTANT)}`
    case 'size':
      return `size:${printRange(term.range, SIZE)}`
    case 'layers':
      return `layers:${printRange(term.range, COUNT)}`
  }
}

function printName({ is, text }: TextMatch): string {
  if (is === 'pattern') return `/${text}/`
  if (is === 'glob') return text.replace(/^\*\*\/(?=[^/]*[*?][^/]*$)/, '')
  const isPlain = /^[^\s()"=:*?/-][^\s()=:*?]*$/.test(text) && !/^(?:or|and)$/i.test(text)
  return isPlain ? text : quote(text)
}

function printValues(values: readonly TextMatch[]): string {
  return values
    .map(({ is, text }) => {
      if (is === 'pattern') return `/${text}/`
      return is === 'glob' || /^[^\s()",*?/](?:[^\s(),*?]*[^\s(),*?/])?$/.test(text) ? text : quote(text)
    })
    .join(',')
}

function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
