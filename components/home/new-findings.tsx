import { FindingKind } from '@/components/policy/finding-kind'
import { Link } from '@/components/ui/link'
import { Panel } from '@/components/ui/panel'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { NewFindings as Findings } from '@/lib/data/policy/read-new-findings'
import { formatCount } from '@/lib/format/bytes'
import { manifestHref, policyHref } from '@/lib/routes/href'
import { HomeSection } from './home-section'

/** Policy findings of tags that appeared or moved lately. Renders nothing without any. */
export function NewFindings({ findings: { findings, fresh, open } }: { findings: Findings }) {
  if (fresh === 0) return null
  return (
    <HomeSection
      id="new-findings"
      title="New policy findings"
      note={`${formatCount(fresh)} of ${formatCount(open)} open, last 7 days`}
      more={{ href: policyHref(), text: `Review all ${formatCount(open)}` }}
    >
      <Panel>
        <ul className="divide-y">
          {findings.map((finding) => {
            const { id, repository, tag, policy, kind, key, owner, at } = finding
            return (
              <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm">
                <span className="w-24 shrink-0">
                  <FindingKind kind={kind} />
                </span>
                <span className="min-w-0 flex-1 basis-60">
                  <Link
                    href={manifestHref(finding, tag, { tab: 'labels' })}
                    className="font-medium break-all hover:text-accent"
                  >
                    {repository}:{tag}
                  </Link>
                  <span className="block text-xs text-muted">
                    {key ? <SafeText text={key} className="mono" /> : null} {policy}
                  </span>
                </span>
                <span className={owner ? 'text-xs text-muted' : 'text-xs text-warn'}>
                  {owner ? <SafeText text={owner} /> : 'no owner'}
                </span>
                <Time iso={at} className="text-xs text-muted sm:w-24 sm:text-right" />
              </li>
            )
          })}
        </ul>
      </Panel>
    </HomeSection>
  )
}
