import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { toCsv } from '../../format/csv.ts'
import { isDigest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Selector } from '../../oci/reference.ts'
import type { ManifestPageState } from '../../routes/manifest-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import { type AddedLabel, readAddedLabels } from '../labels/added-labels.ts'
import { openRepository } from '../registries/open.ts'
import { filterLabels, type LabelRow } from './label-rows.ts'
import { pageLabels, selectedDigest } from './page-labels.ts'
import { readManifestPage } from './read-manifest.ts'

export type LabelExportFormat = 'json' | 'csv'

/** The labels of a manifest page, as filtered there, in full. @throws RegistryError, FormatError, AccessError, AuditError */
export async function exportLabels(
  actor: Actor,
  place: Place,
  reference: Selector,
  state: Pick<ManifestPageState, 'platform' | 'platforms' | 'index' | 'q'>,
  format: LabelExportFormat,
): Promise<string> {
  openRepository(actor, 'export', place)
  const page = await readManifestPage(actor, place, reference, state)
  const at = isDigest(reference) ? { after: reference } : { tag: reference }
  await recordExport(actor, 'labels', { ...place, ...at, query: state.q })
  const child = selectedDigest(page)
  const digests = [parseDigest(page.manifest.digest), ...(child ? [child] : [])]
  const added = await readAddedLabels(actor, place, { digests })
  const rows = filterLabels([...pageLabels(page), ...added.map(addedRow)], state.q)
  return format === 'json' ? jsonOf(rows) : csvOf(rows)
}

type ExportedRow = Pick<LabelRow, 'key' | 'value'> & { readonly origin: string }

function addedRow({ key, value }: AddedLabel): ExportedRow {
  return { key, value, origin: 'added in Lading' }
}

function jsonOf(rows: readonly ExportedRow[]): string {
  return JSON.stringify(
    rows.map(({ key, value, origin }) => ({ key, value, origin })),
    null,
    2,
  )
}

function csvOf(rows: readonly ExportedRow[]): string {
  return toCsv(
    ['key', 'value', 'origin'],
    rows.map(({ key, value, origin }) => [key, value, origin]),
  )
}
