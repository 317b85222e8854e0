import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { toCsv } from '../../format/csv.ts'
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
  const cells = Object.values(COLUMNS)
  return toCsv(
    Object.keys(COLUMNS),
    items.map((item) => cells.map((cell) => cell(item))),
  )
}

const COLUMNS: Readonly<Record<string, (item: Omit<PlanItem, 'undo'>) => string>> = {
  kind: ({ kind }) => kind,
  ticked: ({ ticked }) => (ticked ? 'yes' : 'no'),
  digest: ({ digest = '' }) => digest,
  tags: ({ tags }) => tags.join(' '),
  kept_by: ({ keptBy }) => keptBy.join(' '),
  frees: ({ frees = '' }) => String(frees),
  created: ({ created = '' }) => created,
  reason: ({ reason = '' }) => visibleText(reason),
  outcome: ({ outcome = '' }) => outcome,
  removed: ({ removed }) => removed.join(' '),
  detail: ({ detail = '' }) => visibleText(detail),
  ended_at: ({ endedAt = '' }) => endedAt,
}
