import { algorithmOf, type Digest, isDigest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { MAX_DOCUMENT_BYTES } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { isTag, parseSelector, type Selector, type Tag } from '../../oci/reference.ts'
import type { RegistryError } from '../errors.ts'
import { movedError } from '../moved-error.ts'
import type { ManifestContent, PutManifestOptions } from '../registry.ts'
import type { Pointer } from './index-entry.ts'
import { factsOf, type ManifestFacts } from './manifest-facts.ts'
import type { RepositoryContents } from './repository-contents.ts'

/** `Repository.putManifest` of a layout. */
export async function pushManifest(
  contents: RepositoryContents,
  reference: Selector,
  content: ManifestContent,
  options: PutManifestOptions = {},
): Promise<Pointer['descriptor']> {
  parseSelector(reference)
  const { name, store } = contents
  await store.check()
  const { pointer, facts } = check(contents, reference, content)
  const { digest } = pointer.descriptor
  // Written again if only another repository has it: being faster would reveal that.
  const isStored = (await contents.holds(pointer.file, options.signal)) && (await isIntact(contents, pointer.file))
  if (!isStored) await store.blobs.write(content.bytes, { digest: pointer.file, ...options })
  return store.update(async (draft) => {
    // Under the lock, so that no deletion comes between check and write.
    if ((await store.blobs.size(pointer.file)) === undefined) throw needed(contents, digest, pointer.file)
    for (const blob of facts.required)
      if ((await contents.sizeOf(blob)) === undefined) throw needed(contents, digest, blob)
    const whole = (await contents.graph.members(await contents.index(), name)).get(digest)?.isWhole
    const entry = { ...pointer, isPushed: !whole && namesMoreThanRequired(facts) }
    if (isTag(reference)) {
      const found = draft.tag(name, reference)?.descriptor.digest
      if (options.expect !== undefined) expectTag(contents, reference, options.expect, found)
      if (found !== digest) draft.setTag(name, reference, entry)
    } else draft.addMember(name, entry)
    return pointer.descriptor
  }, options.signal)
}

/** @throws RegistryError `conflict` unless the tag has the expected digest (`null`: does not exist) */
export function expectTag(
  contents: RepositoryContents,
  tag: Tag,
  expected: Digest | null,
  found: Digest | undefined,
): void {
  if ((found ?? null) === expected) return
  throw movedError({ host: contents.store.path, repository: contents.name }, tag, expected, found)
}

/** Where the bytes would be stored, and what they need; throws when they don't match their description. */
function check(
  contents: RepositoryContents,
  reference: Selector,
  { mediaType, bytes, digest }: ManifestContent,
): { pointer: Pointer; facts: ManifestFacts } {
  const expected = isDigest(reference) ? reference : digest
  if (bytes.byteLength > MAX_DOCUMENT_BYTES)
    throw contents.error(
      'too-large',
      `a manifest of ${bytes.byteLength} bytes is over the limit of ${MAX_DOCUMENT_BYTES}`,
    )
  let manifest: Manifest
  try {
    manifest = parseManifest(bytes, { contentType: mediaType, ...(expected && { digest: expected }) })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw contents.error('invalid', `the manifest wasn’t stored: ${reason}`, {}, { cause })
  }
  if (expected && manifest.digest !== expected)
    throw contents.error('digest-mismatch', `the content for ${expected} has the digest ${manifest.digest}`, {
      expected,
      found: manifest.digest,
    })
  const descriptor = { mediaType: manifest.mediaType || mediaType, digest: manifest.digest, size: bytes.byteLength }
  return { pointer: { descriptor, file: digestOf(bytes, algorithmOf(manifest.digest)) }, facts: factsOf(manifest) }
}

function isIntact({ store }: RepositoryContents, file: Digest): Promise<boolean> {
  return store.blobs.bytes(file, MAX_DOCUMENT_BYTES).then(
    () => true,
    () => false,
  )
}

function namesMoreThanRequired({ children, blobs, required }: ManifestFacts): boolean {
  return children.length > 0 || !blobs || new Set(blobs).size > required.length
}

function needed(contents: RepositoryContents, digest: Digest, missing: Digest): RegistryError {
  return contents.error('missing-content', `${digest} needs ${missing}, which isn’t here: upload it first`)
}
