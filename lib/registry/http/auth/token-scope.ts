import type { RepositoryName } from '../../../oci/reference.ts'

/** What a token may be used for: `repository:team/app:pull,push` (distribution, token authentication, "scope"). */
export interface TokenScope {
  /** `repository:team/app`: everything before the last colon. */
  readonly resource: string
  readonly actions: readonly string[]
}

/** Splits at the last colon: resource names may hold `host:port`. Undefined for text without a resource or an action. */
export function parseTokenScope(text: string): TokenScope | undefined {
  const last = text.lastIndexOf(':')
  const first = text.indexOf(':')
  if (last <= first || first <= 0) return undefined
  const actions = text
    .slice(last + 1)
    .split(',')
    .filter(Boolean)
  return actions.length > 0 ? { resource: text.slice(0, last), actions } : undefined
}

/** `repository:team/app:pull,push` */
export function formatTokenScope(scope: TokenScope): string {
  return `${scope.resource}:${scope.actions.join(',')}`
}

/**
 * One scope per resource with its actions merged and sorted; `*` absorbs the others. The resources keep the order of
 * their first mention, because some servers read only the first scope. Other forms are kept unchanged (`aws` of
 * public.ecr.aws): they mean something to the server that named them.
 */
export function mergeScopes(...lists: readonly (readonly string[])[]): string[] {
  const merged = new Map<string, Set<string>>()
  for (const text of lists.flat()) {
    const scope = parseTokenScope(text)
    if (!scope) {
      if (text !== '') merged.set(text, new Set())
      continue
    }
    const actions = merged.get(scope.resource) ?? new Set()
    for (const action of scope.actions) actions.add(action)
    merged.set(scope.resource, actions)
  }
  return [...merged].map(([resource, actions]) =>
    actions.size === 0
      ? resource
      : formatTokenScope({ resource, actions: actions.has('*') ? ['*'] : [...actions].sort() }),
  )
}

/** The same set of scopes has the same key, in whatever order they were asked for. */
export function scopeKey(scopes: readonly string[]): string {
  return scopes.length < 2 ? (scopes[0] ?? '') : [...scopes].sort().join(' ')
}

/** The scope parameter of a challenge holds several, separated by spaces. */
export function splitScopes(text: string | undefined): string[] {
  return mergeScopes((text ?? '').split(' '))
}

/** Asks for everything on each resource: quay.io grants nothing when `delete` is asked for, but takes `*`. */
export function widenScopes(scopes: readonly string[]): string[] {
  return scopes.map((text) => {
    const scope = parseTokenScope(text)
    return scope ? `${scope.resource}:*` : text
  })
}

/** The resource of a scope, regardless of its actions. */
export function resourceOf(text: string): string {
  return parseTokenScope(text)?.resource ?? text
}

export const CATALOG_SCOPE: readonly string[] = ['registry:catalog:*']

export function pullScope(repository: RepositoryName): readonly string[] {
  return [`repository:${repository}:pull`]
}
export function pushScope(repository: RepositoryName): readonly string[] {
  return [`repository:${repository}:pull,push`]
}
export function deleteScope(repository: RepositoryName): readonly string[] {
  return [`repository:${repository}:delete`]
}
