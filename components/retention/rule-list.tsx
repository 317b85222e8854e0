import { Lock, Plus, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { RetentionRule } from '@/lib/data/retention/policies'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatCount, plural } from '@/lib/format/bytes'
import { protectionHref } from '@/lib/routes/href'
import { NEW_RULES } from './policy-draft'
import { RuleFields } from './rule-fields'
import { unversionedNames } from './unversioned-names'

interface RuleListProps {
  rules: readonly RetentionRule[]
  onChange: (rules: readonly RetentionRule[]) => void
  /** Absent until the first simulation, and out of date during the next. */
  simulation: PolicySimulation | undefined
}

const KINDS = [
  ['newer', 'newer than'],
  ['last', 'one of the newest'],
  ['matching', 'matches a query'],
  ['signed', 'is signed'],
] as const

/** Its number, itself, what it keeps and its button; what it keeps goes below where there is little room. */
const RULE =
  'grid grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-4 py-2.5 text-sm md:grid-cols-[1rem_minmax(0,1fr)_11rem_1.75rem]'

/** The rules, each with what it keeps, and what it alone keeps. */
export function RuleList({ rules, onChange, simulation }: RuleListProps) {
  const counts = simulation?.rules.length === rules.length ? simulation.rules : undefined
  const most = simulation ? simulation.tags : 0
  return (
    <section aria-labelledby="rules" className="rounded-xl border bg-surface shadow-xs">
      <div className="flex flex-wrap items-baseline gap-x-3 border-b bg-sunken/60 px-4 py-2.5">
        <h2 id="rules" className="text-sm font-semibold">
          Keep a tag if any of these is true
        </h2>
        <span className="text-xs text-muted">The rest is deleted.</span>
      </div>
      <ol className="divide-y">
        {rules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules are known by their place
          <li key={index} className={RULE}>
            <span className="w-4 text-xs text-muted tabular">{index + 1}</span>
            <div className="flex min-w-0 flex-wrap items-center gap-2">
              <RuleFields
                rule={rule}
                number={index + 1}
                onChange={(changed) => onChange(rules.map((one, at) => (at === index ? changed : one)))}
              />
              {rule.keep === 'last' && rule.by === 'version' && <VersionsOnly unversioned={simulation?.unversioned} />}
            </div>
            <RuleCounts count={counts?.[index]} most={most} isPending={simulation !== undefined} />
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={`Remove rule ${index + 1}`}
              disabled={rules.length === 1}
              onClick={() => onChange(rules.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </Button>
          </li>
        ))}
        <li className={RULE}>
          <Lock aria-hidden className="size-4 text-muted" />
          <span className="min-w-0">
            <Link href={protectionHref} className="font-medium underline-offset-2 hover:underline">
              protected
            </Link>{' '}
            <span className="text-muted">
              {simulation && simulation.protected.names.length > 0
                ? `by ${simulation.protected.names.join(', ')}; can’t be removed`
                : 'by a rule; can’t be removed'}
            </span>
          </span>
          <RuleCounts count={simulation?.protected} most={most} isPending={false} />
          <span className="size-7" />
        </li>
      </ol>
      <div className="flex flex-wrap items-center gap-2 border-t bg-sunken/60 px-4 py-2.5">
        {KINDS.map(([keep, text]) => (
          <Button
            key={keep}
            size="sm"
            disabled={rules.length >= 20}
            onClick={() => onChange([...rules, NEW_RULES[keep]])}
          >
            <Plus aria-hidden />
            {text}
          </Button>
        ))}
        {simulation && (
          <span className="ms-auto text-xs text-muted tabular">
            {formatCount(simulation.keptByOne)} kept by one rule only, {formatCount(simulation.keptBySeveral)} kept by
            several
          </span>
        )}
      </div>
    </section>
  )
}

/** Such a rule keeps no other tags, and people forget those. */
function VersionsOnly({ unversioned }: { unversioned: PolicySimulation['unversioned'] | undefined }) {
  if (!unversioned || unversioned.going === 0)
    return <p className="basis-full text-xs text-muted">Keeps versions only, so not latest or stable.</p>
  return (
    <p className="basis-full text-xs text-warn">
      Keeps versions only. No rule keeps <SafeText text={unversionedNames(unversioned)} />.
    </p>
  )
}

function RuleCounts({
  count,
  most,
  isPending,
}: {
  count: { readonly kept: number; readonly only: number } | undefined
  most: number
  isPending: boolean
}) {
  const share = (tags: number) => `${most > 0 ? (tags / most) * 100 : 0}%`
  return (
    <div className="text-xs text-muted tabular max-md:order-1 max-md:col-start-2 max-md:min-h-6 md:min-h-6">
      <div aria-hidden className="flex h-1.5 overflow-hidden rounded-sm bg-sunken">
        {count && (
          <>
            <span className="bg-accent" style={{ width: share(count.only) }} />
            <span className="bg-accent/40" style={{ width: share(count.kept - count.only) }} />
          </>
        )}
      </div>
      <span className="mt-0.5 flex justify-between">
        {count ? (
          <>
            <span>{plural(count.kept, 'tag')}</span>
            <span>{formatCount(count.only)} only by this</span>
          </>
        ) : (
          isPending && 'counting…'
        )}
      </span>
    </div>
  )
}
