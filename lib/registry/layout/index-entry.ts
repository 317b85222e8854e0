import { type Descriptor, isRecord, readDescriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { isRepositoryName, isTag, type RepositoryName, type Tag } from '../../oci/reference.ts'

export const REF_NAME = 'org.opencontainers.image.ref.name'
/** Docker, BuildKit and containerd write the whole name here, and only the tag in `ref.name`. */
const CONTAINERD_NAME = 'io.containerd.image.name'
/** Lading's own: the repository of a manifest that no tag names, so that it stays reachable by digest. */
export const MEMBER_OF = 'dev.lading.repository'
/** Lading's own: the manifest was pushed, and may name what its repository does not hold. */
const PUSHED = 'dev.lading.pushed'
/** Lading's own: the digest of a signed schema 1 manifest, which is not the digest of the file that holds it. */
const PAYLOAD_DIGEST = 'dev.lading.schema1.digest'

/** One descriptor of `index.json`, read as a manifest of a repository. */
export interface IndexEntry {
  readonly repository: RepositoryName
  /** Absent for a manifest that is only a member of its repository. */
  readonly tag?: Tag
  readonly descriptor: Descriptor
  /** The digest of the file: differs from the descriptor's only for signed schema 1. */
  readonly file: Digest
  /** As found, so that what other tools wrote there is kept. */
  readonly raw: Readonly<Record<string, unknown>>
}

/**
 * Reads the entries of an `index.json`, no matter which tool wrote it. In this order:
 * - `dev.lading.repository`: an untagged manifest of that repository
 * - `io.containerd.image.name`, or a `ref.name` that holds a repository: `repository:tag`; a host stays the first
 *   component (`docker.io/library/alpine`), the colon before a port becomes `-`
 * - a `ref.name` that is only a tag, as skopeo, umoci and buildah write it: a tag of the repository `home`
 * - no name: an untagged manifest of `home`; the tag `latest` where it is the only one without a name
 *
 * Where a name occurs twice the first counts, as for skopeo.
 */
export function readEntries(manifests: readonly unknown[], home: RepositoryName): (IndexEntry | undefined)[] {
  const seen = new Set<string>()
  const named = manifests.map((raw, position) => {
    if (!isRecord(raw)) return undefined
    const read = readEntry(raw, position, home)
    const name = read?.entry.tag && `${read.entry.repository}:${read.entry.tag}`
    if (!read || !name || !seen.has(name)) {
      if (name) seen.add(name)
      return read
    }
    return { ...read, entry: withoutTag(read.entry) }
  })
  const nameless = named.filter((read) => read?.nameless)
  const latest = 'latest' as Tag
  const only = nameless.length === 1 && !seen.has(`${home}:${latest}`) ? nameless[0] : undefined
  return named.map((read) => (read && read === only ? { ...read.entry, tag: latest } : read?.entry))
}

function readEntry(raw: Record<string, unknown>, position: number, home: RepositoryName) {
  let descriptor: Descriptor
  try {
    descriptor = readDescriptor(raw, `manifests[${position}]`)
  } catch {
    // Kept in the file, never shown: an index with one odd entry still has all its others.
    return undefined
  }
  const annotations = descriptor.annotations ?? new Map<string, string>()
  const payload = annotations.get(PAYLOAD_DIGEST)
  const common = {
    descriptor: isDigest(payload) ? { ...descriptor, digest: payload } : descriptor,
    file: descriptor.digest,
    raw,
  }
  const member = annotations.get(MEMBER_OF)
  if (isRepositoryName(member)) return { nameless: false, entry: { repository: member, ...common } }
  const refName = annotations.get(REF_NAME)
  const full = readFullName(annotations.get(CONTAINERD_NAME)) ?? readFullName(refName)
  if (full) return { nameless: false, entry: { ...full, ...common } }
  if (isTag(refName)) return { nameless: false, entry: { repository: home, tag: refName, ...common } }
  return { nameless: !refName, entry: { repository: home, ...common } }
}

function withoutTag({ tag: _, ...entry }: IndexEntry): IndexEntry {
  return entry
}

/** `[host[:port]/]repository[:tag][@digest]` where a slash or a colon shows that it is more than a tag. */
function readFullName(text: string | undefined): { repository: RepositoryName; tag?: Tag } | undefined {
  if (!text || !/[/:]/.test(text)) return undefined
  const [name = '', digest] = text.split('@', 2)
  const slash = name.lastIndexOf('/')
  const colon = name.indexOf(':', slash + 1)
  const repository = (colon < 0 ? name : name.slice(0, colon)).replace(':', '-').toLowerCase()
  const tag = colon >= 0 ? name.slice(colon + 1) : digest ? undefined : 'latest'
  if (!isRepositoryName(repository) || (tag !== undefined && !isTag(tag))) return undefined
  return { repository, ...(tag && { tag }) }
}

/**
 * The entry as Lading writes it: `repository:tag`, or the bare tag in the repository that is named after the folder.
 */
export function makeEntry(
  repository: RepositoryName,
  tag: Tag | undefined,
  from: Pointer,
  home: RepositoryName,
): IndexEntry {
  const { descriptor, file } = from
  const raw = from.raw ?? { mediaType: descriptor.mediaType, digest: file, size: descriptor.size }
  const annotations = new Map(isRecord(raw.annotations) ? Object.entries(raw.annotations) : [])
  for (const name of [REF_NAME, CONTAINERD_NAME, MEMBER_OF]) annotations.delete(name)
  if (tag) annotations.set(REF_NAME, repository === home ? tag : `${repository}:${tag}`)
  else annotations.set(MEMBER_OF, repository)
  if (file !== descriptor.digest) annotations.set(PAYLOAD_DIGEST, descriptor.digest)
  if (from.isPushed) annotations.set(PUSHED, 'true')
  return {
    repository,
    ...(tag && { tag }),
    descriptor,
    file,
    raw: { ...raw, annotations: Object.fromEntries(annotations) },
  }
}

export interface Pointer {
  readonly descriptor: Descriptor
  readonly file: Digest
  /** The entry that it is taken from. */
  readonly raw?: Readonly<Record<string, unknown>>
  /** For a new entry: whether it is marked as pushed. */
  readonly isPushed?: boolean
}

/** Whether the manifest came in through `putManifest`, not with a folder that another tool wrote. */
export function isPushed(entry: IndexEntry): boolean {
  return isRecord(entry.raw.annotations) && entry.raw.annotations[PUSHED] === 'true'
}

/** The repository of manifests whose names are only tags: the folder's name, made to fit the grammar. */
export function homeRepository(folder: string): RepositoryName {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]*\.[._-]*/g, '.')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 200)
  return isRepositoryName(name) ? name : ('layout' as RepositoryName)
}
