import { RE2JS, RE2JSSyntaxException } from 're2js'
import { FormatError } from '../oci/format-error.ts'
import { namespaceOf, type RepositoryName } from '../oci/reference.ts'
import { compileGlob } from './glob.ts'
import type { NameFilter } from './name-filter.ts'

/** Globs and patterns come from users: longer ones are refused. */
export const MAX_PATTERN_LENGTH = 100

/** @throws FormatError with code `pattern` when the filter is too long or is no regular expression */
export function filterRepositories(names: readonly RepositoryName[], filter: NameFilter): RepositoryName[] {
  return names.filter(compileFilter(filter))
}

/** The distinct namespaces of repositories, sorted; `''` stands for repositories without one. @throws FormatError `pattern` */
export function filterNamespaces(names: readonly RepositoryName[], filter?: NameFilter): string[] {
  const namespaces = [...new Set(names.map(namespaceOf))].sort()
  return filter ? namespaces.filter(compileFilter(filter)) : namespaces
}

/** Understands a filter once, to be asked of many names. @throws FormatError `pattern` as `filterRepositories` */
export function compileFilter(filter: NameFilter): (name: string) => boolean {
  if ('words' in filter) {
    const words = filter.words.map((word) => word.toLowerCase())
    return (name) => words.every((word) => name.toLowerCase().includes(word))
  }
  const text = 'glob' in filter ? filter.glob : filter.pattern
  if (text.length > MAX_PATTERN_LENGTH)
    throw new FormatError('pattern', text, `at most ${MAX_PATTERN_LENGTH} characters`)
  if ('glob' in filter) {
    const glob = compileGlob(text.toLowerCase())
    return (name) => glob.matches(name.toLowerCase())
  }
  const pattern = compilePattern(text)
  return (name) => pattern.test(name)
}

function compilePattern(text: string): RE2JS {
  try {
    return RE2JS.compile(text, RE2JS.CASE_INSENSITIVE)
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause
    throw new FormatError('pattern', text, 'a regular expression without back references, for example ^team-(a|b)', {
      cause: new SyntaxError(faultOf(cause, text)),
    })
  }
}

/** The engine's words, and the part that is wrong unless it is the whole, which it tells with its own flags. */
function faultOf(error: RE2JSSyntaxException, text: string): string {
  const part = error.getPattern()
  return part && part !== text && text.includes(part) ? `${error.getDescription()}: ${part}` : error.getDescription()
}
