import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { toCsv } from '../../format/csv.ts'
import type { Place } from '../../oci/place.ts'
import type { TagOrDigest } from '../../oci/reference.ts'
import type { ManifestPageState } from '../../routes/manifest-page-query.ts'
import { openRepository } from '../registries/open.ts'
import { filterLabels, type LabelRow } from './label-rows.ts'
import { pageLabels } from './page-labels.ts'
import { readManifestPage } from './read-manifest.ts'

export type LabelFormat = 'json' | 'csv'

/** The labels of a manifest page, as filtered there, in full. @throws RegistryError, FormatError, AccessError */
export async function exportLabels(
  actor: Actor,
  { registry, repository }: Place,
  reference: TagOrDigest,
  state: Pick<ManifestPageState, 'platform' | 'platforms' | 'index' | 'q'>,
  format: LabelFormat,
): Promise<string> {
  openRepository(actor, 'export', { registry, repository })
  const page = await readManifestPage(actor, registry, repository, reference, state)
  const rows = filterLabels(pageLabels(page), state.q)
  return format === 'json' ? jsonOf(rows) : csvOf(rows)
}

function jsonOf(rows: readonly LabelRow[]): string {
  return JSON.stringify(
    rows.map(({ key, value, origin }) => ({ key, value, origin })),
    null,
    2,
  )
}

function csvOf(rows: readonly LabelRow[]): string {
  return toCsv(
    ['key', 'value', 'origin'],
    rows.map(({ key, value, origin }) => [key, value, origin]),
  )
}
