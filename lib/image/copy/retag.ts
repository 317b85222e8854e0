import type { Digest } from '../../oci/digest.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { movedError } from '../../registry/moved-error.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { digestAt } from '../graph/digest-at.ts'
import { contentAt } from './content-at.ts'

export interface RetagOptions extends CallOptions {
  readonly from: Selector
  readonly to: Tag
  /** What `to` pointed at when the user was asked; `null`: it did not exist. */
  readonly expect: Digest | null
}

export interface Retagged {
  /** The new target of `to`. Differs from the source only for schema 1, which contains its tag. */
  readonly digest: Digest
  /** The previous target of `to`. */
  readonly previous?: Digest
  /** `to` pointed there already, so nothing was written. */
  readonly unchanged?: true
}

/**
 * Adds the tag `to` to the manifest at `from`: identical bytes, one GET, one HEAD and one PUT. The answer to the PUT
 * names the digest that was stored, so that no further request is needed to verify it.
 * @throws RegistryError `conflict` with `expected` and `found` when `to` is not what the user was shown
 */
export async function retag(repository: Repository, { from, to, expect, signal }: RetagOptions): Promise<Retagged> {
  const options = { signal }
  const manifest = await repository.manifest(from, options)
  const content = contentAt(manifest, repository.name, to)
  if (expect === content.digest) {
    await expectUnmoved(repository, to, expect, options)
    return { digest: content.digest, previous: expect, unchanged: true }
  }
  const stored = await repository.putManifest(to, content, { ...options, expect })
  if (stored.digest !== content.digest)
    throw new RegistryError('digest-mismatch', `${repository.name}:${to} was stored as ${stored.digest}`, {
      host: repository.registry.location,
      repository: repository.name,
      expected: content.digest,
      found: stored.digest,
    })
  return { digest: stored.digest, ...(expect && { previous: expect }) }
}

async function expectUnmoved(repository: Repository, tag: Tag, expect: Digest, options: CallOptions): Promise<void> {
  const found = await digestAt(repository, tag, options)
  if (found !== expect)
    throw movedError({ host: repository.registry.location, repository: repository.name }, tag, expect, found)
}
