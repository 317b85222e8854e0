import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import type { PolicyReport, Share } from '@/lib/data/policy/read-policy-report'
import { formatCount, plural } from '@/lib/format/bytes'
import { policyHref } from '@/lib/routes/href'
import { NO_OWNER, type PolicyPageState, policyPageQuery } from '@/lib/routes/policy-page-query'
import { restOfShares } from './rest-of-shares'

/** Findings by owner and by repository. */
export function PolicyShares({ report, state }: { report: PolicyReport; state: PolicyPageState }) {
  const all = { findings: report.total }
  return (
    <div className="mt-4 grid gap-4 lg:grid-cols-2">
      <Shares
        title="By owner"
        shares={report.byOwner}
        nameOf={(name) => (name === NO_OWNER ? 'No owner known' : name)}
        hrefOf={(owner) => policyHref(policyPageQuery({ ...state, owner, page: 1 }))}
        selected={state.owner ?? undefined}
        rest={restOfShares(report.byOwner, { ...all, count: report.owners, noun: ['owner', 'owners'] })}
      />
      <Shares
        title="By repository"
        shares={report.byRepository}
        nameOf={(name) => name}
        hrefOf={(repository) => policyHref(policyPageQuery({ ...state, repository, page: 1 }))}
        selected={state.repository ?? undefined}
        rest={restOfShares(report.byRepository, {
          ...all,
          count: report.repositories,
          noun: ['repository', 'repositories'],
        })}
      />
    </div>
  )
}

interface SharesProps {
  title: string
  shares: readonly Share[]
  nameOf: (name: string) => string
  hrefOf: (name: string) => string
  selected: string | undefined
  /** What the list leaves out. */
  rest: string | undefined
}

function Shares({ title, shares, nameOf, hrefOf, selected, rest }: SharesProps) {
  const most = Math.max(1, ...shares.map(({ findings }) => findings))
  return (
    <Panel className="min-w-0">
      <h2 className="border-b px-3 py-2 text-sm font-medium">{title}</h2>
      <ul className="divide-y text-sm">
        {shares.map(({ name, findings, images }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
            <Link
              href={hrefOf(name)}
              scroll={false}
              aria-current={selected === name || undefined}
              className="min-w-0 basis-full truncate font-medium sm:flex-1 sm:basis-0 aria-[current]:text-accent"
              title={name}
            >
              <SafeText text={nameOf(name)} />
            </Link>
            <span aria-hidden className="h-1.5 shrink-0 max-sm:flex-1 sm:w-24">
              <span className="block h-full rounded-full bg-accent" style={{ width: `${(100 * findings) / most}%` }} />
            </span>
            <span className="tabular w-14 shrink-0 text-right" title={plural(findings, 'finding')}>
              {formatCount(findings)}
              <span className="sr-only"> findings</span>
            </span>
            <span className="tabular w-20 shrink-0 text-right text-xs text-muted">{plural(images, 'image')}</span>
          </li>
        ))}
      </ul>
      {rest && <p className="border-t px-3 py-1.5 text-xs text-muted">{rest}</p>}
    </Panel>
  )
}
