import { ShieldCheck } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import type { PolicyReport } from '@/lib/data/policy/read-policy-report'
import type { PolicyPageState } from '@/lib/routes/policy-page-query'
import { FindingList } from './finding-list'
import { NoPolicies } from './no-policies'
import { UnreadImages } from './unread-images'

interface RepositoryPolicyProps {
  /** Absent where no policies are configured. */
  report: PolicyReport | undefined
  state: PolicyPageState
  seesSetup: boolean
}

/** What breaks a policy in one repository. */
export function RepositoryPolicy({ report, state, seesSetup }: RepositoryPolicyProps) {
  if (!report) return <NoPolicies seesSetup={seesSetup} />
  return (
    <>
      <UnreadImages unread={report.unread} />
      {report.selected > 0 ? (
        <FindingList report={report} state={state} within="repository" />
      ) : (
        <Empty icon={ShieldCheck} title={report.unread.length > 0 ? 'No findings so far' : 'No findings'}>
          None of the images that could be checked breaks a policy.
        </Empty>
      )}
    </>
  )
}
