import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Finding } from '../../catalog/policy/find-findings.ts'
import type { PolicyPageState } from '../../routes/policy-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import type { Export } from '../exports/export.ts'
import { configuredPolicies, policyFindings, selectFindings } from './policy-findings.ts'

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
const AT_ONCE = 1_000

/** The findings that the page selects, of what the actor may export. @throws StoreError, AuditError */
export async function exportFindings(actor: Actor, state: PolicyPageState): Promise<Export> {
  const { findings } = await policyFindings(actor, configuredPolicies() ?? [], 'export')
  await recordExport(actor, 'policy findings')
  const selected = selectFindings(findings, state)
  async function* pages() {
    for (let at = 0; at < selected.length; at += AT_ONCE) yield selected.slice(at, at + AT_ONCE).map(rowOf)
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
