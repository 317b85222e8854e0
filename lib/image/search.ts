import { RE2JS, RE2JSSyntaxException } from 're2js'
import { FormatError } from '../oci/format-error.ts'
import { matchesGlob } from '../oci/glob.ts'
import { namespaceOf, type RepositoryName } from '../oci/reference.ts'

/**
 * What names are filtered by. `glob`: the whole name, `*` within a segment, `**` across them, `?` one character.
 * `pattern`: a regular expression in RE2's syntax, found anywhere in the name. Both take time linear in the name.
 */
export type NameFilter = { readonly glob: string } | { readonly pattern: string }

/** Patterns come from users: longer ones are refused. */
export const MAX_PATTERN_LENGTH = 100

/** @throws FormatError with code `pattern` when the filter is too long or is no regular expression */
export function filterRepositories(names: readonly RepositoryName[], filter: NameFilter): RepositoryName[] {
  const matches = compileFilter(filter)
  return names.filter(matches)
}

/** The distinct namespaces of repositories, sorted; `''` stands for repositories without one. @throws FormatError `pattern` */
export function filterNamespaces(names: readonly RepositoryName[], filter?: NameFilter): string[] {
  const namespaces = [...new Set(names.map(namespaceOf))].sort()
  return filter ? namespaces.filter(compileFilter(filter)) : namespaces
}

function compileFilter(filter: NameFilter): (name: string) => boolean {
  const text = 'glob' in filter ? filter.glob : filter.pattern
  if (text.length > MAX_PATTERN_LENGTH)
    throw new FormatError('pattern', text, `at most ${MAX_PATTERN_LENGTH} characters`)
  if ('glob' in filter) return (name) => matchesGlob(filter.glob, name)
  const pattern = compile(text)
  return (name) => pattern.test(name)
}

function compile(text: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause
    throw new FormatError('pattern', text, 'a regular expression without back references, for example ^team-(a|b)/', {
      cause,
    })
  }
}
