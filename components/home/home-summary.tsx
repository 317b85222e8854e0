import { ArrowRightLeft, CirclePause, type LucideIcon, ShieldAlert, TriangleAlert } from 'lucide-react'
import { Suspense } from 'react'
import { Link } from '@/components/ui/link'
import type { HomeNeeds } from '@/lib/data/home/read-home'
import { plural } from '@/lib/format/bytes'
import { groupJobs } from './job-groups'

interface HomeSummaryProps {
  needs: HomeNeeds
  /** Names of registries that can't be listed right now, once all have answered or timed out. */
  failing: Promise<readonly string[]>
}

/** One line of what needs attention, each count linking to its section. Nothing if there isn't anything. */
export function HomeSummary({ needs: { moves, jobs, findings }, failing }: HomeSummaryProps) {
  const { ending, ...groups } = groupJobs(jobs)
  const [running, stopped] = [groups.running.length, groups.stopped.length]
  const parts = [
    (findings?.fresh ?? 0) > 0 && {
      href: '#new-findings',
      Icon: ShieldAlert,
      tone: 'text-warn',
      text: plural(findings?.fresh ?? 0, 'new policy finding'),
    },
    stopped + running > 0 && {
      href: '#jobs',
      Icon: CirclePause,
      tone: stopped > 0 ? 'text-warn' : 'text-muted',
      text: [
        ...(stopped > 0 ? [`${plural(stopped, 'job')} ${ending}`] : []),
        ...(running > 0 ? [`${stopped > 0 ? running : plural(running, 'job')} running`] : []),
      ].join(', '),
    },
    moves.tags > 0 && {
      href: '#recently-moved',
      Icon: ArrowRightLeft,
      tone: 'text-muted',
      text: `${moves.isLowerBound ? 'At least ' : ''}${plural(moves.tags, 'tag')} moved or deleted in 7 days`,
    },
  ].filter((part) => part !== false)
  return (
    <ul aria-label="Needs attention" className="flex flex-wrap gap-x-5 gap-y-1 text-sm empty:hidden">
      <Suspense>
        <Failing names={failing} />
      </Suspense>
      {parts.map((part) => (
        <SummaryPart key={part.href} {...part} />
      ))}
    </ul>
  )
}

async function Failing({ names }: { names: Promise<readonly string[]> }) {
  const failing = await names
  const [first] = failing
  if (first === undefined) return null
  const text = plural(failing.length, 'registry isn’t available', 'registries aren’t available')
  return <SummaryPart href={`#registry-${first}`} Icon={TriangleAlert} tone="text-danger" text={text} />
}

interface SummaryPartProps {
  href: string
  Icon: LucideIcon
  tone: string
  text: string
}

function SummaryPart({ href, Icon, tone, text }: SummaryPartProps) {
  return (
    <li>
      <Link href={href} className="inline-flex items-center gap-1.5 hover:text-accent">
        <Icon aria-hidden className={`size-3.5 ${tone}`} />
        {text}
      </Link>
    </li>
  )
}
