import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { AddRule } from '@/components/protection/add-rule'
import { RuleList } from '@/components/protection/rule-list'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listRules } from '@/lib/data/protection/edit-protection'
import { visitor } from '@/lib/data/visitor'
import { isAbsence } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'

export const metadata: Metadata = { title: 'Protection' }

export default async function ProtectionPage() {
  const actor = await visitor()
  const rules = await attempt(() => listRules(actor))
  if (!rules.ok && isAbsence(rules.problem)) notFound()
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Protection</h1>
      <p className="mb-4 text-sm text-muted">
        A protected tag can’t be moved or deleted by anyone, in any way. Admins can override a rule with a reason, which
        goes into the audit log. New tags can still be created.
      </p>
      {rules.ok ? (
        <>
          <AddRule />
          <RuleList rules={rules.value} />
        </>
      ) : (
        <ProblemNotice problem={rules.problem} />
      )}
    </>
  )
}
