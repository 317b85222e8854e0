import { ShieldCheck } from 'lucide-react'
import { Empty } from '@/components/ui/empty'
import type { PolicyReport } from '@/lib/data/policy/read-policy-report'
import type { PolicyPageState } from '@/lib/routes/policy-page-query'
import { FindingList } from './finding-list'
import { NoPolicies } from './no-policies'

interface RepositoryPolicyProps {
  /** Absent where no policies are configured. */
  report: PolicyReport | undefined
  state: PolicyPageState
  seesSetup: boolean
}

/** What breaks a policy in one repository. */
export function RepositoryPolicy({ report, state, seesSetup }: RepositoryPolicyProps) {
  if (!report) return <NoPolicies seesSetup={seesSetup} />
  if (report.selected === 0)
    return (
      <Empty icon={ShieldCheck} title="No findings">
        {report.isComplete
          ? 'None of the images read so far breaks a policy.'
          : 'None of the images checked breaks a policy.'}
      </Empty>
    )
  return <FindingList report={report} state={state} within="repository" />
}
