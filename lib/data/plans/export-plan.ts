import 'server-only'
import { stringify } from 'csv-stringify/sync'
import type { Actor } from '../../access/actor.ts'
import { visibleText } from '../../format/visible-text.ts'
import { recordExport } from '../audit/record-export.ts'
import { openRepository } from '../registries/open.ts'
import type { PlanItem } from './plan.ts'
import { readItems } from './plan-items.ts'
import { visiblePlan } from './read-plan.ts'

/** The whole plan with its outcomes, one row for each image. @throws RegistryError `not-found`, AccessError, AuditError */
export async function exportPlan(actor: Actor, id: string, format: 'csv' | 'json'): Promise<string> {
  const { owner: _, wanted: __, ...plan } = await visiblePlan(actor, id)
  openRepository(actor, 'export', plan)
  await recordExport(actor, `plan ${id}`, { registry: plan.registry, repository: plan.repository })
  const items = (await readItems(id, { filter: 'all' })).map(({ undo: _, ...item }) => item)
  if (format === 'json') return `${JSON.stringify({ ...plan, items }, null, 2)}\n`
  return stringify(items.map(rowOf), { header: true, escape_formulas: true, columns: COLUMNS })
}

const COLUMNS = [
  'kind',
  'ticked',
  'digest',
  'tags',
  'kept_by',
  'frees',
  'created',
  'reason',
  'outcome',
  'removed',
  'detail',
  'ended_at',
]

function rowOf(item: Omit<PlanItem, 'undo'>) {
  return {
    kind: item.kind,
    ticked: item.ticked ? 'yes' : 'no',
    digest: item.digest ?? '',
    tags: item.tags.join(' '),
    kept_by: item.keptBy.join(' '),
    frees: item.frees ?? '',
    created: item.created ?? '',
    reason: visibleText(item.reason ?? ''),
    outcome: item.outcome ?? '',
    removed: item.removed.join(' '),
    detail: visibleText(item.detail ?? ''),
    ended_at: item.endedAt ?? '',
  }
}
