import { type Digest, parseDigest } from './digest.ts'
import { FormatError } from './format-error.ts'
import { REPOSITORY_NAME, TAG_NAME } from './name-grammar.ts'

/** A repository's whole path on its registry, for example `team/app`. */
export type RepositoryName = string & { readonly __brand: 'RepositoryName' }
export type Tag = string & { readonly __brand: 'Tag' }
/** What a manifest is asked for by: a tag or a digest. */
export type Selector = Tag | Digest

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
/** distribution/reference, regexp.go: `domain-component`s joined by dots, or an IPv6 address in brackets. */
const HOST = new RegExp(`^(?:\\[([0-9a-fA-F:.]+)\\]|${LABEL}(?:\\.${LABEL})*)(?::[0-9]{1,5})?$`)

function isHost(text: string): boolean {
  const match = HOST.exec(text)
  return match !== null && (match[1] === undefined || URL.canParse(`http://[${match[1]}]/`))
}

/** Lower-case path components joined by `/`, at most 255 characters (OCI distribution, "Pulling manifests"): `library/alpine`. */
export function isRepositoryName(text: unknown): text is RepositoryName {
  return typeof text === 'string' && REPOSITORY_NAME.test(text)
}

/** @throws FormatError with code `repository` */
export function parseRepositoryName(text: unknown): RepositoryName {
  if (isRepositoryName(text)) return text
  throw new FormatError(
    'repository',
    text,
    'lower-case letters, digits and . _ - between slashes, for example team/app',
  )
}

/** A letter, digit or `_`, then up to 127 of those, `.` and `-` (OCI distribution, "Pulling manifests"). */
export function isTag(text: unknown): text is Tag {
  return typeof text === 'string' && TAG_NAME.test(text)
}

/** @throws FormatError with code `tag` */
export function parseTag(text: unknown): Tag {
  if (isTag(text)) return text
  throw new FormatError('tag', text, 'up to 128 letters, digits, _ . - not starting with . or -, for example 1.4.2')
}

/** @throws FormatError with code `reference` */
export function parseSelector(text: unknown): Selector {
  if (isTag(text)) return text
  if (typeof text === 'string' && text.includes(':')) return parseDigest(text)
  throw new FormatError('reference', text, 'a tag such as 1.4.2 or a digest such as sha256:44136fa3…')
}

/** Everything before the last slash; `''` if there isn't one. */
export function namespaceOf(repository: RepositoryName): string {
  return repository.slice(0, Math.max(0, repository.lastIndexOf('/')))
}

/** `repository[:tag][@digest]`, the host left out. Where both are given the digest wins. */
export interface Reference {
  readonly repository: RepositoryName
  readonly tag?: Tag
  readonly digest?: Digest
}

/** A reference that names its registry's host too. */
export interface FullReference extends Reference {
  /** Host and optional port, as `docker.io` or `localhost:5000`. */
  readonly host: string
}

/** What the reference selects: its digest, else its tag, else `latest`. */
export function selectorOf(reference: Reference): Selector {
  return reference.digest ?? reference.tag ?? ('latest' as Tag)
}

/** Parses `repository[:tag][@digest]`. @throws FormatError */
export function parseReference(text: string): Reference {
  const at = text.indexOf('@')
  const named = at < 0 ? text : text.slice(0, at)
  const colon = named.indexOf(':')
  return {
    repository: parseRepositoryName(colon < 0 ? named : named.slice(0, colon)),
    ...(colon >= 0 && { tag: parseTag(named.slice(colon + 1)) }),
    ...(at >= 0 && { digest: parseDigest(text.slice(at + 1)) }),
  }
}

/** `team/app:1.4@sha256:…`, as `parseReference` reads it. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag ? `:${reference.tag}` : ''
  const digest = reference.digest ? `@${reference.digest}` : ''
  return `${reference.repository}${tag}${digest}`
}

/**
 * Parses a reference as Docker's command line does: `alpine` is `docker.io/library/alpine:latest`. The first
 * component is a host when it holds a `.` or a `:`, or is `localhost` (distribution/reference, normalize.go).
 * @throws FormatError
 */
export function parseFullReference(text: string): FullReference {
  const slash = text.indexOf('/')
  const first = slash < 0 ? '' : text.slice(0, slash)
  const hasHost = first !== '' && (/[.:]/.test(first) || first === 'localhost')
  const host = hasHost ? first : 'docker.io'
  if (!isHost(host))
    throw new FormatError('reference', text, 'host/repository:tag, for example localhost:5000/team/app:1.4')
  const parsed = parseReference(hasHost ? text.slice(slash + 1) : text)
  const isHub = host === 'docker.io' || host === 'index.docker.io'
  const repository =
    isHub && !parsed.repository.includes('/') ? parseRepositoryName(`library/${parsed.repository}`) : parsed.repository
  const tag = parsed.tag ?? (parsed.digest ? undefined : ('latest' as Tag))
  return {
    host: isHub ? 'docker.io' : host,
    repository,
    ...(tag && { tag }),
    ...(parsed.digest && { digest: parsed.digest }),
  }
}

/** `registry.example.com:5000/team/app:1.4@sha256:…`, as `parseFullReference` reads it. */
export function formatFullReference(reference: FullReference): string {
  return `${reference.host}/${formatReference(reference)}`
}
