import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { CopyButton } from '@/components/ui/copy-button'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { ImageExplanation } from '@/lib/data/policy/explain-image'
import { plural } from '@/lib/format/bytes'
import { policyHref } from '@/lib/routes/href'
import { policyPageQuery } from '@/lib/routes/policy-page-query'
import { FindingsBadge } from './findings-badge'

type Explained = ImageExplanation['policies'][number]
type Rule = Explained['rules'][number]
type Ruling = Rule['rulings'][number]

/** Why an image breaks policies, and how to fix it. */
export function PolicyExplanation({ explanation }: { explanation: ImageExplanation }) {
  const { policies, fix, unchecked } = explanation
  return (
    <div className="space-y-4">
      <div>
        <h2 className="text-base font-semibold">{titleOf(policies, unchecked)}</h2>
        {unchecked > 0 && (
          <p className="mt-1 text-sm text-warn">
            {plural(unchecked, 'platform')} couldn’t be checked here, so there may be more.
          </p>
        )}
      </div>
      {policies.map((policy) => (
        <Policy key={policy.policy} explained={policy} unchecked={unchecked} />
      ))}
      {fix && (
        <section aria-labelledby="how-to-fix" className="overflow-hidden rounded-xl border bg-surface shadow-xs">
          <h3 id="how-to-fix" className="flex items-center gap-2 border-b px-4 py-2 text-sm font-medium">
            How to fix it
            <span className="text-xs font-normal text-muted">in the Dockerfile of the next build</span>
            <span className="ml-auto">
              <CopyButton text={fix} label="Copy the instructions" />
            </span>
          </h3>
          <pre className="overflow-x-auto px-4 py-3 font-mono text-xs">
            <SafeText text={fix} />
          </pre>
          <p className="border-t px-4 py-2 text-xs text-muted">
            Labels are part of the image: this one won’t change, the next build can.
          </p>
        </section>
      )}
    </div>
  )
}

function titleOf(policies: readonly Explained[], unchecked: number): string {
  const applying = policies.filter(({ applies }) => applies === 'yes')
  const broken = applying.filter((policy) => policy.broken > 0).length
  if (applying.length === 0)
    return unchecked > 0 ? 'No policy applies to what was checked of this image' : 'No policy applies to this image'
  if (broken === 0) {
    const which = applying.length === 1 ? 'the policy that applies' : `the ${applying.length} policies that apply`
    return unchecked > 0 ? `Meets ${which}, as far as it was checked` : `Meets ${which}`
  }
  if (broken < applying.length) return `Breaks ${broken} of the ${applying.length} policies that apply`
  return broken === 1 ? 'Breaks the policy that applies' : `Breaks all ${broken} policies that apply`
}

interface PolicyProps {
  explained: Explained
  unchecked: number
}

function Policy({ explained: { policy, query, applies, rules, broken }, unchecked }: PolicyProps) {
  return (
    <section aria-label={policy} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2 text-sm">
        <FindingsBadge applies={applies} findings={broken} unchecked={unchecked} />
        <Link href={policyHref(policyPageQuery({ policy, kind: null, page: 1 }))} className="font-medium">
          <SafeText text={policy} />
        </Link>
        <span className="font-mono text-xs font-normal text-muted">{query || 'everything'}</span>
      </h3>
      {applies === 'yes' && rules.length === 0 ? (
        <p className="px-4 py-2 text-sm text-muted">
          {unchecked > 0 ? 'The image’s labels couldn’t be read, so nothing is known yet.' : 'The policy has no rules.'}
        </p>
      ) : applies === 'yes' ? (
        <ul className="divide-y">
          {rules.map((rule) => (
            <RuleRow key={rule.key ?? 'age'} rule={rule} />
          ))}
        </ul>
      ) : (
        <p className="px-4 py-2 text-sm text-muted">
          {applies === 'no'
            ? 'Its query doesn’t find this image.'
            : 'Its query needs something that isn’t known about this image here.'}
        </p>
      )}
    </section>
  )
}

function RuleRow({ rule }: { rule: Rule }) {
  const worst = rule.rulings[0]
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 px-4 py-2 text-sm sm:grid-cols-[1.25rem_minmax(0,16rem)_minmax(0,1fr)]">
      <Mark kind={worst?.kind ?? 'met'} />
      <span className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">
        {rule.key === undefined ? 'age' : <SafeText text={rule.key} />}
      </span>
      <div className="max-sm:col-start-2">
        {rule.rulings.map((ruling, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two platforms may differ only in what they are
          <p key={index} className="[overflow-wrap:anywhere]">
            <RulingText rule={rule} ruling={ruling} isOnly={rule.rulings.length === 1} />
          </p>
        ))}
        {worst && worst.kind !== 'met' && worst.kind !== 'forbidden' && (
          <p className="text-xs text-muted">
            {rule.isRequired && 'Required: '}
            <SafeText text={rule.expected} />
            {worst.kind === 'missing' && rule.rulings.length > 1 && '. Set it on every platform, or on the index.'}
          </p>
        )}
      </div>
    </li>
  )
}

function Mark({ kind }: { kind: Ruling['kind'] }) {
  if (kind === 'met') return <CircleCheck aria-label="Met" className="mt-0.5 size-4 text-good" />
  if (kind === 'missing') return <CircleDashed aria-label="Missing" className="mt-0.5 size-4 text-warn" />
  return <CircleX aria-label={WORDS[kind]} className="mt-0.5 size-4 text-danger" />
}

const WORDS = { missing: 'Missing', invalid: 'Invalid', forbidden: 'Forbidden', 'too-old': 'Too old' } as const
const LONGEST = 200

function RulingText({ rule, ruling, isOnly }: { rule: Rule; ruling: Ruling; isOnly: boolean }) {
  const { kind, value, near, platforms } = ruling
  const where = isOnly || platforms.length === 0 ? '' : ` on ${platforms.join(', ')}`
  const shown = value === undefined ? '' : value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value
  const code = <SafeText text={shown} className="font-mono text-xs" />
  switch (kind) {
    case 'missing':
      return (
        <strong className="font-medium">
          {value === undefined ? 'Missing' : 'Empty'}
          {where}.
        </strong>
      )
    case 'invalid':
      return (
        <>
          <strong className="font-medium">Invalid{where}:</strong> {code}.{' '}
          {near !== undefined && (
            <>
              Did you mean <SafeText text={near} className="font-mono text-xs" />?
            </>
          )}
        </>
      )
    case 'forbidden':
      return (
        <>
          <strong className="font-medium">Forbidden{where}:</strong> set to {code}
        </>
      )
    case 'too-old':
      return (
        <strong className="font-medium">
          Created {shown.slice(0, 10)}
          {where}: too old
        </strong>
      )
    case 'met':
      if (rule.key === undefined) return <>{value ? `Created ${shown.slice(0, 10)}` : 'Age unknown'}</>
      return value === undefined || value === '' ? (
        <>Not set{where}.</>
      ) : (
        <>
          {code}
          {where}
        </>
      )
  }
}
