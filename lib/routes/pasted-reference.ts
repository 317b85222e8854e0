import { type Digest, isDigest } from '../oci/digest.ts'
import { parseFullReference, parseReference, type RepositoryName, type Selector, selectorOf } from '../oci/reference.ts'

/** What someone pasted to get to an image. */
export type Pasted =
  /** A page of a Lading: its path, as the address bar had it, with its query. */
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'digest'; readonly digest: Digest }
  | {
      readonly kind: 'reference'
      /** The host, if the text names one. */
      readonly host?: string
      readonly repository: RepositoryName
      readonly selector: Selector
    }

const COMMANDS = /^(?:sudo\s+)?(?:docker|podman|nerdctl|skopeo|crane|oras|helm|regctl|cosign|ctr|buildah)\s/
const TRANSPORT = /^(?:docker:\/\/|oci:\/\/|docker:)/

/** Reads a pull reference, a command that contains one, a digest or a Lading URL; undefined for words to search for. */
export function parsePasted(text: string): Pasted | undefined {
  const typed = text.trim()
  if (isDigest(typed)) return { kind: 'digest', digest: typed }
  if (/^https?:\/\//.test(typed)) return pagePath(typed)
  if (COMMANDS.test(typed)) return referenceInCommand(typed)
  if (/\s/.test(typed)) return undefined
  // A name alone is searched for: only a host, or a digest after it, says that it was pasted.
  const reference = readReference(typed.replace(TRANSPORT, ''))
  return TRANSPORT.test(typed) || reference?.host !== undefined || typed.includes('@') ? reference : undefined
}

/** Below a base path too: what counts begins at `/r/`, `/d/` or `/diff`. A manifest's URL in a registry is a reference. */
function pagePath(text: string): Pasted | undefined {
  const url = URL.parse(text)
  const [, name, selector] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url?.pathname ?? '') ?? []
  if (url && name && selector) return readReference(`${url.host}/${name}${isDigest(selector) ? '@' : ':'}${selector}`)
  const path = url && /\/(?:r|d)\/[^/]+\/.*$|\/diff$/.exec(url.pathname)?.[0]
  return path ? { kind: 'path', path: `${path}${url.search}` } : undefined
}

/** As many digits as pages show. */
const SHORT_DIGEST = /^[0-9a-f]{12,128}$/i

/** The query that finds what was typed. A digest's digits alone may also be a tag, of a commit. */
export function searchTextOf(typed: string): string {
  return SHORT_DIGEST.test(typed) ? `${typed} or digest:${typed}` : typed
}

function referenceInCommand(command: string): Pasted | undefined {
  const words = command.split(/\s+/).slice(1)
  const version = words[words.indexOf('--version') + 1]
  for (const word of words) {
    // The first word that has a slash or a colon, and isn't an option or a file.
    if (word.startsWith('-') || !/[/:]/.test(word) || /^\.{0,2}\//.test(word)) continue
    const reference = readReference(word.replaceAll(/^['"]|['"]$/g, '').replace(TRANSPORT, ''))
    if (!reference) continue
    // `helm pull oci://host/chart --version 1.0+build`: a tag can't hold `+`.
    const isVersioned = words.includes('--version') && version && !/[:@][^/]*$/.test(word.replace(TRANSPORT, ''))
    return isVersioned
      ? (readReference(`${word.replace(TRANSPORT, '')}:${version.replaceAll('+', '_')}`) ?? reference)
      : reference
  }
  return undefined
}

function readReference(text: string): Extract<Pasted, { kind: 'reference' }> | undefined {
  try {
    const reference = parseFullReference(text)
    const isHost = text.toLowerCase().startsWith(`${reference.host.toLowerCase()}/`)
    // Without a host, `alpine` isn't Docker Hub's `library/alpine`.
    const { repository } = isHost ? reference : parseReference(text)
    return { kind: 'reference', ...(isHost && { host: reference.host }), repository, selector: selectorOf(reference) }
  } catch {
    return undefined
  }
}
