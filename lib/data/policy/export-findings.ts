import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import type { Finding } from '../../catalog/policy/finding-list.ts'
import type { PolicyPageState } from '../../routes/policy-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import type { Export } from '../exports/export.ts'
import { configuredPolicies, findingFilter, policyFindings } from './policy-findings.ts'

const COLUMNS = [
  'policy',
  'kind',
  'registry',
  'repository',
  'tag',
  'digest',
  'platforms',
  'label',
  'value',
  'expected',
  'owner',
  'since',
] as const

/** The findings that the page selects, of what the actor may export. @throws AccessError, StoreError, AuditError */
export async function exportFindings(actor: Actor, state: PolicyPageState): Promise<Export> {
  authorize(actor, 'export', {})
  const { findings } = await policyFindings(actor, configuredPolicies() ?? [], 'export')
  await recordExport(actor, 'policy findings')
  async function* pages() {
    for await (const some of findings.batches(findingFilter(state))) yield some.map(rowOf)
  }
  return { name: 'policy-findings', columns: COLUMNS, pages: pages() }
}

function rowOf({ policy, kind, registry, repository, tag, digest, platforms, since, ...breach }: Finding) {
  const { key = null, value = null, expected, owner = null } = breach
  const began = since === undefined ? null : new Date(since).toISOString()
  return {
    policy,
    kind,
    registry,
    repository,
    tag,
    digest,
    platforms,
    label: key,
    value,
    expected,
    owner,
    since: began,
  }
}
