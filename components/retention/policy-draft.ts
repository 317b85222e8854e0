import type { RetentionRule, SavedPolicy } from '@/lib/data/retention/policies'

/** A policy as it is edited. */
export type PolicyDraft = Pick<SavedPolicy, 'name' | 'scope' | 'rules' | 'mostShare' | 'schedule'>

export const NEW_POLICY: PolicyDraft = {
  name: '',
  scope: '',
  rules: [{ keep: 'newer', amount: 90, unit: 'days', by: 'created' }],
  mostShare: 25,
  schedule: null,
}

export const NEW_RULES: Readonly<Record<RetentionRule['keep'], RetentionRule>> = {
  newer: { keep: 'newer', amount: 90, unit: 'days', by: 'created' },
  last: { keep: 'last', count: 20, by: 'version', among: '' },
  matching: { keep: 'matching', query: 'tag:latest,stable' },
  signed: { keep: 'signed' },
}

export function draftOf({ name, scope, rules, mostShare, schedule }: PolicyDraft): PolicyDraft {
  return { name, scope, rules, mostShare, schedule }
}
