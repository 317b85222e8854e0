import { namespaceOf, type RepositoryName } from '../oci/reference.ts'
import { compileText } from './match-text.ts'
import type { NameFilter } from './name-filter.ts'

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
  if ('anyOf' in filter) {
    const names = new Set(filter.anyOf)
    return (name) => names.has(name)
  }
  const ignoreCase = true
  if ('glob' in filter) return compileText({ is: 'glob', text: filter.glob }, { ignoreCase })
  return compileText({ is: 'pattern', text: filter.pattern }, { ignoreCase })
}
