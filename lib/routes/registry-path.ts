import { type Digest, isDigest } from '../oci/digest.ts'
import { isRepositoryName, isTag, type RepositoryName, type Selector, type Tag } from '../oci/reference.ts'

/** What a path below `/r/<registry>` names. A path without tag or digest can be a namespace and a repository at once. */
export type RegistryPath =
  | { readonly kind: 'root' }
  | { readonly kind: 'path'; readonly path: RepositoryName }
  | { readonly kind: 'tag'; readonly repository: RepositoryName; readonly tag: Tag }
  | { readonly kind: 'digest'; readonly repository: RepositoryName; readonly digest: Digest }

/**
 * Reads the segments below `/r/<registry>` as they stand in the URL, percent-encoding included.
 * `undefined` when they name nothing: `..`, NUL and the like never get further than here.
 */
export function parseRegistryPath(segments: readonly string[] = []): RegistryPath | undefined {
  const text = decode(segments.join('/'))
  if (text === undefined) return undefined
  if (text === '') return { kind: 'root' }
  const at = text.indexOf('@')
  if (at >= 0) {
    const [repository, digest] = [text.slice(0, at), text.slice(at + 1)]
    return isRepositoryName(repository) && isDigest(digest) ? { kind: 'digest', repository, digest } : undefined
  }
  const colon = text.indexOf(':')
  if (colon >= 0) {
    const [repository, tag] = [text.slice(0, colon), text.slice(colon + 1)]
    return isRepositoryName(repository) && isTag(tag) ? { kind: 'tag', repository, tag } : undefined
  }
  return isRepositoryName(text) ? { kind: 'path', path: text } : undefined
}

/** The text of a path parameter; `undefined` when its encoding is broken. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The registry and the segments of a pathname `/r/<registry>/…`. */
export function splitRegistryUrl(pathname: string): { registry: string; segments: string[] } | undefined {
  const [, root, name, ...segments] = pathname.split('/')
  const registry = root === 'r' && name ? decode(name) : undefined
  return registry ? { registry, segments } : undefined
}

/** What a pathname `/r/<registry>/…` names. */
export interface RegistryPage {
  readonly registry: string
  /** A namespace or a repository; with a selector, a repository. */
  readonly path?: RepositoryName
  readonly selector?: Selector
}

/** Undefined when the pathname names nothing. */
export function parseRegistryPage(pathname: string): RegistryPage | undefined {
  const url = splitRegistryUrl(pathname)
  const path = url && parseRegistryPath(url.segments)
  if (!path) return undefined
  switch (path.kind) {
    case 'root':
      return { registry: url.registry }
    case 'path':
      return { registry: url.registry, path: path.path }
    case 'tag':
      return { registry: url.registry, path: path.repository, selector: path.tag }
    case 'digest':
      return { registry: url.registry, path: path.repository, selector: path.digest }
  }
}
