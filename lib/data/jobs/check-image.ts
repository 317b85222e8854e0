import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { plural } from '../../format/bytes.ts'
import { type CompletenessReport, type ContentAt, checkCompleteness } from '../../image/inspect/validate.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { digest, placeInput, selector } from '../input.ts'
import { openRepository } from '../registries/open.ts'
import { jobKind } from './job-kind.ts'
import { actorBehind } from './job-owner.ts'

/** Content that an image needs, and where its documents name it: `manifests[1].layers[0]`. */
export interface ContentView {
  readonly path: string
  readonly digest: string
  readonly mediaType: string
  readonly reason?: string
}

export interface CompletenessView {
  readonly complete: boolean
  readonly checked: number
  readonly missing: readonly ContentView[]
  readonly corrupt: readonly ContentView[]
  /** Layers that registries need not hold. */
  readonly elsewhere: readonly ContentView[]
}

/** Rows that are shown. */
const SHOWN = 200

/** Checks the size of everything that an image needs, without reading it. @throws RegistryError, AccessError */
export async function checkImage(actor: Actor, place: Place, digest: Digest): Promise<CompletenessView> {
  return viewOf(await checkCompleteness(openRepository(actor, 'browse', place), digest))
}

export const checkInput = placeInput.extend({ digest, selector })

/** Reads and hashes everything: for large images this outlasts a page. */
export const checkJob = jobKind('check', checkInput, async ({ digest, ...place }, job, { signal, report, add }) => {
  const opened = openRepository(await actorBehind(job.owner), 'browse', place)
  const result = await checkCompleteness(opened, digest, {
    full: true,
    signal,
    onProgress: ({ checked, bytes }) => report({ done: bytes, total: 0, counts: { contents: checked } }),
  })
  const { missing, corrupt, elsewhere } = viewOf(result)
  for (const { path, digest: absent } of missing) add({ name: path, outcome: 'missing', detail: absent })
  for (const { path, reason } of corrupt) add({ name: path, outcome: 'corrupt', detail: reason ?? '' })
  for (const { path, digest: foreign } of elsewhere) add({ name: path, outcome: 'stored elsewhere', detail: foreign })
  if (result.complete)
    add({ name: plural(result.checked, 'item'), outcome: 'complete', detail: 'Every byte was hashed.' })
})

function viewOf({ complete, checked, missing, corrupt, foreignLayers }: CompletenessReport): CompletenessView {
  return {
    complete,
    checked,
    missing: missing.slice(0, SHOWN).map(contentView),
    corrupt: corrupt.slice(0, SHOWN).map((at) => ({ ...contentView(at), reason: at.reason })),
    elsewhere: foreignLayers.slice(0, SHOWN).map(contentView),
  }
}

function contentView({ path, descriptor }: ContentAt): ContentView {
  return { path, digest: descriptor.digest, mediaType: descriptor.mediaType }
}
