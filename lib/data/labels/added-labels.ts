import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { authorizeRecords, registryDecides } from '../../access/authorize.ts'
import {
  ADDED_MEDIA_TYPES,
  type AddedLabel,
  deleteAddedLabel,
  findAddedLabel,
  insertAddedLabel,
  listAddedLabels,
  markPublished,
} from '../../catalog/database/added-labels.ts'
import { attach } from '../../image/referrers/attach.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { theStore } from '../../store/the-store.ts'
import { change } from '../changes/change.ts'
import { digest, placeInput } from '../input.ts'
import { openRepository } from '../registries/open.ts'

export { type AddedLabel, MOST_ADDED } from '../../catalog/database/added-labels.ts'

/** Bytes of a value. */
const LONGEST = 65_536
/** What a published label's manifest is. */
const ARTIFACT_TYPE = 'application/vnd.lading.label.v1+json'

/** What a label is, whatever it is added to. */
export const labelFields = {
  key: z
    .string()
    .trim()
    .min(1, 'Give the label a key.')
    .max(253, 'Use a key of at most 253 characters.')
    .regex(/^[\w./-]*$/, 'Use only letters, digits and . _ / - in the key.'),
  value: z.string().refine((text) => Buffer.byteLength(text) <= LONGEST, 'Use a value of at most 64 KiB.'),
  mediaType: z.enum(ADDED_MEDIA_TYPES).default('text/plain'),
  /** Also as a referrer in the registry, where other tools find it. */
  publish: z.boolean().default(false),
}

/** For `refine`. */
export const hasValidValue = [
  ({ value, mediaType }: Pick<AddedLabel, 'value' | 'mediaType'>) => mediaType === 'text/plain' || isJson(value),
  'The value isn’t valid JSON.',
] as const

export const addLabelInput = placeInput.extend({ digest, ...labelFields }).refine(...hasValidValue)
export const removeLabelInput = placeInput.extend({ id: z.uuid() })

/**
 * Adds a label to a manifest without changing it.
 * @param made by a plan, which names the label
 * @returns undefined when the manifest has as many as it may have
 * @throws AccessError, StoreError; RegistryError `not-found` when there is no such manifest
 */
export async function addLabel(
  actor: Actor,
  { registry, repository: name, publish, ...text }: z.output<typeof addLabelInput>,
  source: AddedLabel['source'] = 'ui',
  made?: { readonly id: string; readonly plan: string },
): Promise<AddedLabel | undefined> {
  const place = { registry, repository: name }
  const label: AddedLabel = {
    id: made?.id ?? randomUUID(),
    ...text,
    source,
    createdBy: usernameOf(actor) ?? 'anonymous',
    createdAt: Date.now(),
  }
  const { result } = await change(
    actor,
    'edit-labels',
    { ...targetOf(place, label, 'added'), plan: made?.plan },
    async ({ repository, note }) => {
      await repository.manifest(label.digest)
      const store = await theStore()
      if (!(await insertAddedLabel(store, place, label))) {
        note({ detail: { ...factsOf(label, 'added'), refused: 'the manifest has too many' } })
        return undefined
      }
      if (!publish) return label
      const published = await publishLabel(repository, label).catch(async (error: unknown) => {
        await deleteAddedLabel(store, place, label.id)
        throw error
      })
      await markPublished(store, label.id, published)
      note({ detail: { ...factsOf(label, 'added'), published } })
      return { ...label, published }
    },
  )
  return result
}

/** @returns what was deleted. A referrer that was published stays. @throws AccessError, RegistryError `not-found`, StoreError */
export async function removeLabel(
  actor: Actor,
  { id, ...place }: z.output<typeof removeLabelInput>,
): Promise<AddedLabel> {
  openRepository(actor, 'edit-labels', place)
  const store = await theStore()
  const label = await findAddedLabel(store, place, id)
  if (!label) throw new RegistryError('not-found', `no label ${id} was added in ${place.registry}/${place.repository}`)
  await change(actor, 'edit-labels', targetOf(place, label, 'deleted'), async () => deleteAddedLabel(store, place, id))
  return label
}

/** Those on some manifests, by key and age; none for the registry's own accounts. @throws AccessError, StoreError */
export async function readAddedLabels(
  actor: Actor,
  place: Place,
  wanted: { readonly digests: readonly Digest[]; readonly prefix?: string },
): Promise<readonly AddedLabel[]> {
  openRepository(actor, 'browse', place)
  if (registryDecides(actor, place.registry)) return []
  return listAddedLabels(await theStore(), place, wanted)
}

/** @throws AccessError, RegistryError `not-found`, StoreError */
export async function readAddedLabel(actor: Actor, place: Place, id: string): Promise<AddedLabel> {
  openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  const label = await findAddedLabel(await theStore(), place, id)
  if (!label) throw new RegistryError('not-found', `no label ${id} was added in ${place.registry}/${place.repository}`)
  return label
}

async function publishLabel(repository: Repository, { digest, key, value, ...label }: AddedLabel): Promise<Digest> {
  const document = { key, value, mediaType: label.mediaType, createdBy: label.createdBy }
  const created = new Date(label.createdAt).toISOString()
  const published = await attach(repository, digest, {
    artifactType: ARTIFACT_TYPE,
    blobs: [{ mediaType: ARTIFACT_TYPE, content: Buffer.from(JSON.stringify(document)) }],
    annotations: { 'org.opencontainers.image.created': created, [key]: value },
  })
  return published.digest
}

function targetOf(place: Place, label: AddedLabel, done: 'added' | 'deleted') {
  const { digest } = label
  return { ...place, audit: { before: digest, after: digest, detail: factsOf(label, done) } }
}

/** For the audit log, which keeps no whole documents. */
function factsOf({ id, key, value, mediaType }: AddedLabel, done: 'added' | 'deleted') {
  return { [done]: `${key}=${value.slice(0, 1_000)}`, mediaType, id }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
