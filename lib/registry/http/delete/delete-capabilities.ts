import { randomBytes } from 'node:crypto'
import { isDigest } from '../../../oci/digest.ts'
import { digestOf } from '../../../oci/digester.ts'
import { parseTag, type Selector } from '../../../oci/reference.ts'
import type { Capability, DeleteCapabilities } from '../../capabilities.ts'
import { isRegistryError } from '../../errors.ts'
import type { CallOptions } from '../../registry.ts'
import { deleteScope } from '../auth/token-scope.ts'
import type { RegistryFacts, RepositoryContext } from '../repository-context.ts'
import { discard } from '../wire/transport.ts'

const SWITCH_ON =
  'Deletes are turned off. On distribution (registry:2), set REGISTRY_STORAGE_DELETE_ENABLED=true or, in its config.yml, storage: delete: enabled: true; then restart it.'
const NOT_ALLOWED = 'These credentials can’t delete here. Configure credentials that can.'
const TRY_AGAIN = 'The registry didn’t say whether it allows deletes. Try again when it’s healthy.'
const NO_API = 'This registry doesn’t support deletes in the registry API; use its own page or tool.'

/**
 * The specification deletes blobs by digest but lists manifests by tag only: the blobs of others couldn't be spared.
 */
export const NO_BLOBS: Capability = {
  state: 'no',
  evidence: 'untagged manifests can’t be listed over the registry API, so layers that only they need would be lost',
}

/** DELETEs a random digest and a random tag: nothing that exists can be harmed, and the refusals differ. */
export async function probeDeletes(context: RepositoryContext, options: CallOptions = {}): Promise<DeleteCapabilities> {
  const nonce = randomBytes(16)
  const [manifest, tag] = await Promise.all([
    probe(context, digestOf(nonce), 'a digest', options),
    probe(context, parseTag(`lading-probe-${nonce.toString('hex')}`), 'a tag', options),
  ])
  // The real deletion is verified.
  const works = ({ state, why }: Probed) => state === 'yes' || why === 'proves-nothing'
  const found = { manifest: known(manifest), tag: known(tag), blobs: NO_BLOBS }
  if (works(tag)) return { ...found, tagStrategy: 'direct' }
  if (works(manifest)) return { ...found, tagStrategy: 'replace' }
  return { ...found, tagStrategy: 'none', advice: adviceFor(manifest) }
}

/**
 * A probe of a tag that doesn't exist proves nothing about tags that do: the result of a real deletion counts for more.
 */
export function corrected(probed: DeleteCapabilities, learned: RegistryFacts['tagDeletion']): DeleteCapabilities {
  if (learned === undefined || learned === 'spares-siblings') return probed
  const found = { ...probed, tag: { state: 'no', evidence: learned.evidence } } as const
  if (probed.manifest.state !== 'no') return { ...found, tagStrategy: 'replace' }
  return { ...found, tagStrategy: 'none', advice: probed.advice ?? NO_API }
}

const UNKNOWN: Capability = { state: 'unknown', evidence: 'the registry wasn’t asked' }

/** What earlier deletions have shown, or else the last probe of the repository, without asking. */
export function remembered({ deletion }: RegistryFacts, probed?: DeleteCapabilities): DeleteCapabilities {
  if (deletion === undefined) return probed ?? afterDeletion(UNKNOWN)
  return afterDeletion(deletion)
}

function afterDeletion(deletion: Capability): DeleteCapabilities {
  const isOff = deletion.state === 'no'
  return {
    manifest: deletion,
    tag: isOff ? deletion : UNKNOWN,
    blobs: NO_BLOBS,
    tagStrategy: 'none',
    ...(isOff && { advice: SWITCH_ON }),
  }
}

interface Probed extends Capability {
  readonly why?: 'off' | 'denied' | 'proves-nothing'
}

function known({ state, evidence }: Probed): Capability {
  return { state, evidence }
}

async function probe(
  context: RepositoryContext,
  reference: Selector,
  what: string,
  options: CallOptions,
): Promise<Probed> {
  try {
    // There is nothing to delete, so it takes no longer than a read.
    const status = await requestDelete(context, reference, options, { patient: false })
    // Registries that don't check existence accept anything.
    return {
      state: 'unknown',
      evidence: `DELETE of ${what} that doesn’t exist answered ${status}`,
      why: 'proves-nothing',
    }
  } catch (error) {
    if (!isRegistryError(error) || error.status === undefined) throw error
    const evidence = `DELETE of ${what} that doesn’t exist answered ${error.status}${error.codes[0] ? ` ${error.codes[0]}` : ''}`
    // Without a code it's a router's: the registry has no such function (aws/containers-roadmap#1229), or gives no codes.
    if (error.kind === 'not-found' && error.codes.length === 0)
      return { state: 'unknown', evidence, why: 'proves-nothing' }
    if (error.kind === 'not-found') return { state: 'yes', evidence }
    if (error.kind === 'deletes-disabled') return { state: 'no', evidence, why: 'off' }
    if (error.kind === 'denied' || error.kind === 'unauthorized') return { state: 'no', evidence, why: 'denied' }
    if (error.kind === 'unsupported' || error.kind === 'invalid') return { state: 'no', evidence }
    return { state: 'unknown', evidence }
  }
}

function adviceFor(manifest: Probed): string {
  if (manifest.why === 'off') return SWITCH_ON
  if (manifest.state === 'unknown') return TRY_AGAIN
  return manifest.why === 'denied' ? NOT_ALLOWED : NO_API
}

/** One DELETE of a manifest or a tag; resolves to its status. @throws RegistryError */
export async function requestDelete(
  context: RepositoryContext,
  reference: Selector,
  options: CallOptions,
  { patient = true } = {},
): Promise<number> {
  const answered = (state: 'yes' | 'no', evidence: string) => {
    if (isDigest(reference)) context.facts.deletion = { state, evidence: `the last DELETE of an image ${evidence}` }
  }
  const response = await context.client
    .send({
      method: 'DELETE',
      to: `${context.name}/manifests/${reference}`,
      scopes: deleteScope(context.name),
      ok: [200, 202, 204],
      patient,
      repository: context.name,
      signal: options.signal,
    })
    .catch((error) => {
      if (isRegistryError(error, 'not-found') && error.codes.length > 0) answered('yes', 'was possible')
      if (isRegistryError(error, 'deletes-disabled'))
        answered('no', `was answered with ${[error.status, ...error.codes.slice(0, 1)].join(' ')}`)
      throw error
    })
  answered('yes', 'was possible')
  await discard(response)
  return response.status
}
