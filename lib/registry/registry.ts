import type { Readable } from 'node:stream'
import type { Descriptor } from '../oci/descriptor.ts'
import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import type { RepositoryName, Selector, Tag } from '../oci/reference.ts'
import type { Capabilities, DeleteCapabilities } from './capabilities.ts'
import type { Listing } from './listing.ts'

export interface CallOptions {
  readonly signal?: AbortSignal
}

/**
 * Where images live: an HTTP registry or an OCI layout on disk. Both pass the same contract suite
 * (`registry-contract.ts`). Every method may throw `RegistryError`.
 */
export interface Registry {
  /** As configured: `hub`, `local`. */
  readonly name: string
  readonly kind: 'http' | 'layout'
  /** What a pull command names: `registry.example.com:5000`. */
  readonly publicHost: string
  /** For people: the URL without credentials, or the folder. */
  readonly location: string

  /** Resolves when the registry answers and accepts our credentials. One that was down just now is asked all the same. */
  ping(options?: CallOptions): Promise<void>
  /** What the registry can do, each with its evidence. Probed once, then cached. */
  capabilities(options?: CallOptions): Promise<Capabilities>
  /** Sorted as the registry sorts. Throws `unsupported` where there is no catalog and no configured list. */
  repositories(options?: CallOptions): Listing<RepositoryName>
  /** What the registry's own search finds; undefined where it has none, as layouts and distribution, or for no term. */
  search(term: string, options?: SearchOptions): Promise<RepositorySearch | undefined>
  repository(name: RepositoryName): Repository
}

export interface SearchOptions extends CallOptions {
  /** Default 100. */
  readonly limit?: number
}

export interface RepositorySearch {
  /** Best first, as the registry sees it. */
  readonly names: readonly RepositoryName[]
  /** How many it found, of which `names` may be the first. */
  readonly total: number
  /** For people: `GET /v1/search`. */
  readonly evidence: string
}

export interface Repository {
  readonly name: RepositoryName
  readonly registry: Registry

  /** Unsorted, without duplicates. A repository without tags and one that does not exist both list nothing. */
  tags(options?: CallOptions): Listing<Tag>
  /** Manifests that no tag, index or subject leads to; undefined where the registry can't list them, as HTTP registries. */
  untagged(options?: CallOptions): Promise<readonly Descriptor[] | undefined>
  /** HEAD (GET where HEAD is unfit): the descriptor without fetching the document. Throws `not-found`, once a GET has confirmed it. */
  resolve(reference: Selector, options?: CallOptions): Promise<Descriptor>
  /** The document with its verified digest. Throws `not-found`, `digest-mismatch`, FormatError. */
  manifest(reference: Selector, options?: ManifestOptions): Promise<Manifest>
  /** Like `resolve` for a blob; `undefined` when it is absent. Failures are thrown, never reported as absence. */
  statBlob(digest: Digest, options?: StatBlobOptions): Promise<{ readonly size: number } | undefined>
  /** A stream that fails with `digest-mismatch` or `size-mismatch` before its end when the bytes are wrong. Throws `not-found`. */
  blob(digest: Digest, options?: BlobOptions): Promise<BlobRead>
  /** A whole small blob in memory, verified. Throws `too-large` over `limit` bytes (default 8 MiB). */
  blobBytes(digest: Digest, options?: CallOptions & { readonly limit?: number }): Promise<Uint8Array>
  /** Descriptors of manifests whose `subject` is `digest`, from the API or the fallback tag. */
  referrers(digest: Digest, options?: ReferrersOptions): Listing<Descriptor>
  /** Where the registry itself keeps signatures beside its manifests; undefined where it has no such store, as most. */
  signatures(options?: CallOptions): Promise<SignatureStore | undefined>
  /**
   * What tools call a tag where a folder is named instead of a host: the exact name in a layout, `''` for its only image
   * without one. Undefined where they can't name it, and for registries with a host.
   */
  nameInFolder(tag: Tag, options?: CallOptions): Promise<string | undefined>
  /** What deleting would do here, probed without touching anything. */
  deletes(options?: DeletesOptions): Promise<DeleteCapabilities>

  /**
   * PUTs the bytes exactly. Throws `digest-mismatch` before anything is written when they have not the digest that is
   * named, `unsupported` where a tag cannot keep its algorithm. With a `subject`, keeps the fallback referrers index right where the registry does not.
   * With `expect`, refuses with `conflict` unless the tag still has that digest (`null`: does not exist).
   */
  putManifest(reference: Selector, content: ManifestContent, options?: PutManifestOptions): Promise<Descriptor>
  /** Uploads; verifies `digest` where it is given, else returns the one it computed. Skips nothing: ask `statBlob` first. */
  putBlob(
    content: Uint8Array | Readable,
    options?: PutBlobOptions,
  ): Promise<{ readonly digest: Digest; readonly size: number }>
  /** Makes a blob of a sibling repository available here without moving bytes; false when the registry would rather have an upload. */
  mountBlob(digest: Digest, from: RepositoryName, options?: CallOptions): Promise<boolean>

  /** Removes one tag and never a sibling. Throws `conflict` when the tag's digest is not `expect`. */
  deleteTag(tag: Tag, options: DeleteTagOptions): Promise<TagDeletion>
  /** Deletes the manifest and so every tag on it. Throws `conflict` unless its tags are exactly `expectTags`. */
  deleteManifest(digest: Digest, options: DeleteManifestOptions): Promise<void>
  /** Doesn't check whether it's needed, except in layouts, which refuse with `conflict`. */
  deleteBlob(digest: Digest, options?: CallOptions): Promise<void>
  /**
   * Every manifest that needs each of the blobs, in all repositories that share them, tagged or not. Throws
   * `unsupported` where that cannot be known: here at all (`deletes().blobs`), or while a manifest cannot be read.
   */
  blobUsers(digests: readonly Digest[], options?: CallOptions): Promise<ReadonlyMap<Digest, readonly BlobUser[]>>
}

export interface BlobUser {
  readonly repository: RepositoryName
  readonly digest: Digest
}

export interface ManifestContent {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** Under a tag, the digest that it must have: its algorithm is kept where it is another than sha256. */
  readonly digest?: Digest
}

export interface ManifestOptions extends CallOptions {
  /** The only media types that will do, best first; another throws `not-found`. Default: any. */
  readonly accept?: readonly string[]
  /** Has the registry answer although a cache holds the document, which proves nothing of what is there now. */
  readonly fresh?: boolean
  /** Documents that need not be sent or parsed again. A registry may make use of it or not. */
  readonly held?: HeldManifests
}

export interface HeldManifests {
  /** The digest that the tag had when it was last read: the registry is asked for the document only if it has moved. */
  readonly last?: Digest | undefined
  find(digest: Digest): Manifest | undefined
}

export interface StatBlobOptions extends CallOptions {
  /** Takes a HEAD's word for absence: where a wrong one costs an upload and nothing else. Default: false. */
  readonly trustHead?: boolean
}

export interface BlobOptions extends CallOptions {
  /** First and last byte, both inclusive, as in a Range header. A part cannot be verified by its digest. */
  readonly range?: { readonly start: number; readonly end?: number }
}

export interface BlobRead {
  /** Bytes that the stream will deliver. */
  readonly size: number
  /** True when the end of the stream proves the digest; false for a range. */
  readonly verified: boolean
  /** Its pieces are the reader's alone. */
  readonly stream: Readable
}

export interface ReferrersOptions extends CallOptions {
  readonly artifactType?: string
  /** Throws `unsupported` where there is no referrers API, instead of reading the fallback tag. */
  readonly isApiOnly?: boolean
}

export interface PutManifestOptions extends CallOptions {
  readonly expect?: Digest | null
}

export interface PutBlobOptions extends CallOptions {
  readonly digest?: Digest
  /** Bytes, where known: lets the upload be one request. */
  readonly size?: number
  /** Called with the bytes sent since the last call. */
  readonly onProgress?: (bytes: number) => void
  /** Nobody else uses the pieces of the stream, so that their memory may be given back as soon as they are sent. */
  readonly ownsPieces?: boolean
}

export interface DeleteTagOptions extends CallOptions {
  /** The digest that the user was shown. */
  readonly expect: Digest
  /**
   * `tag-only`: only where the registry deletes tags. `allow-replace`: where it does not, replace the tag by an
   * equivalent manifest with another digest and delete that. `allow-empty`: where it takes no equivalent, replace it by
   * an empty image, so that a pull of the tag at that moment fails.
   */
  readonly strategy: 'tag-only' | 'allow-replace' | 'allow-empty'
  /** The other tags on the digest, where known: a registry that takes them along gets them back at once. */
  readonly siblings?: readonly Tag[]
  /**
   * One of many deletions, after which the caller checks every tag: once the registry is known to spare siblings, only
   * the first is looked at, and the others if that is gone.
   */
  readonly isOneOfMany?: boolean
  readonly journal?: DeletionJournal
}

/** Told before anything is changed and after, so that a crash in between can be finished or reported. */
export interface DeletionJournal {
  /** Resolves once the record is on disk. */
  begin(record: DeletionRecord): Promise<DeletionEntry>
}
export interface DeletionEntry {
  step(name: 'replaced' | 'deleted' | 'restored', placeholder?: Digest): Promise<void>
  /** The other tags that the registry took with this one and that are still missing; the last call counts. */
  tookAlong(tags: readonly Tag[]): Promise<void>
  end(outcome: TagDeletion['outcome'] | 'failed'): Promise<void>
}
export interface DeletionRecord {
  readonly registry: string
  readonly repository: RepositoryName
  readonly tag: Tag
  readonly digest: Digest
  readonly mediaType: string
  /** The original document, so that the tag can be put back. */
  readonly bytes: Uint8Array
  /** The manifest that takes its tag; absent for a direct deletion. */
  readonly placeholder?: Digest
}

interface Spared {
  /** The manifest and siblings that were on it afterwards: they needn't be looked at again. Default: none. */
  readonly spared?: readonly (Tag | Digest)[]
}

export type TagDeletion =
  /** `putBack`: siblings that the registry took along and that were put back at once. */
  | (Spared & { readonly outcome: 'deleted'; readonly putBack?: readonly Tag[] })
  | (Spared & {
      readonly outcome: 'replaced-then-deleted'
      readonly placeholder: Digest
      readonly form: PlaceholderForm
    })
  /** The deletion failed halfway and the tag was put back as it was. */
  | { readonly outcome: 'restored'; readonly reason: string }
  /** `further`: the strategy that may do it all the same, for the user to decide. */
  | { readonly outcome: 'unsupported'; readonly reason: string; readonly further?: 'allow-empty' }

export interface DeletesOptions extends CallOptions {
  /**
   * Whether a registry may be probed, which takes a DELETE of something that doesn't exist. Default true; with false only
   * what earlier deletions have shown is known.
   */
  readonly probe?: boolean
}

export interface DeleteManifestOptions extends CallOptions {
  /** Every tag the user was shown on this digest. */
  readonly expectTags: readonly Tag[]
  /**
   * Every tag that is on the digest now, by a caller that watches all of them, also afterwards: once a deletion has shown
   * that this registry leaves no tags behind, others aren’t asked for. Default: each tag is asked for here.
   */
  readonly tagsNow?: readonly Tag[]
  /** The manifest, where the caller has just read it: it isn't read again. */
  readonly manifest?: Manifest
}

/** A signature that a registry keeps beside a manifest, neither as a tag nor as a referrer. */
export interface StoredSignature {
  /** `sha256:…@id`: the manifest that was signed, and which of its signatures this is. */
  readonly name: string
  /** The signature as it is, commonly an OpenPGP message. */
  readonly content: Uint8Array
}

/** Signatures that the registry itself keeps: OpenShift's signature extension. */
export interface SignatureStore {
  /** In the registry's order. Of other kinds than `atomic` are left out. None for a manifest the registry does not hold. */
  list(digest: Digest, options?: CallOptions): Promise<readonly StoredSignature[]>
  /** Adds one signature under a new name, and keeps the others. Resolves to it. Throws `too-large` over 4 MiB. */
  put(digest: Digest, content: Uint8Array, options?: CallOptions): Promise<StoredSignature>
}

/**
 * How a placeholder differs from its original, harmless first.
 * - `white-space` the same document with insignificant white space after it: anyone who pulls it gets the same image
 * - `annotation` the same document with annotations more: the same image, too
 * - `empty` an empty image: anyone who pulls it gets something that doesn't run
 */
export type PlaceholderForm = 'white-space' | 'annotation' | 'empty'
