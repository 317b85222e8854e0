import { Search, ShieldCheck, Trash2, TriangleAlert } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Input } from '@/components/ui/input'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { RetentionRule } from '@/lib/data/retention/policies'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatCount } from '@/lib/format/bytes'
import { manifestHref } from '@/lib/routes/href'
import { reasonLines } from './reason-lines'

export interface Explain {
  readonly tags: string
  readonly show: 'any' | 'going' | 'new'
  /** From 1. */
  readonly page: number
}

interface WhyKeptProps {
  simulation: PolicySimulation
  rules: readonly RetentionRule[]
  explain: Explain
  onChange: (explain: Explain) => void
}

/** For any tag: which rule keeps it, for how long, or why none does. */
export function WhyKept({ simulation, rules, explain, onChange }: WhyKeptProps) {
  const { explained, matching, going, tags, difference, pageSize } = simulation
  const pages = Math.max(1, Math.ceil(matching / pageSize))
  const shows = [
    ['any', `Any tag ${formatCount(tags)}`],
    ['going', `To delete ${formatCount(going)}`],
    ...(difference ? ([['new', `Newly deleted ${formatCount(difference.newlyGoing)}`]] as const) : []),
  ] as const
  return (
    <section aria-labelledby="why" className="rounded-xl border bg-surface shadow-xs">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b bg-sunken/60 px-4 py-2.5">
        <h2 id="why" className="flex-1 text-sm font-semibold">
          Why is this tag kept?
        </h2>
        <fieldset aria-label="Tags" className="flex rounded-md border bg-sunken p-0.5 text-sm">
          {shows.map(([show, text]) => (
            <button
              key={show}
              type="button"
              aria-pressed={explain.show === show}
              onClick={() => onChange({ ...explain, show, page: 1 })}
              className="h-6.5 rounded px-2.5 text-muted tabular hover:text-ink aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-xs"
            >
              {text}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="relative flex items-center border-b px-4 py-2">
        <Search aria-hidden className="absolute ms-2.5 size-4 text-muted" />
        <Input
          aria-label="Tags to explain"
          placeholder="2.7.3, pr-*, *canary"
          className="ps-8"
          value={explain.tags}
          onChange={({ target }) => onChange({ ...explain, tags: target.value, page: 1 })}
        />
        <span className="ms-3 text-xs whitespace-nowrap text-muted tabular">
          {formatCount(matching)} of {formatCount(tags)}
        </span>
      </div>
      {explained.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted">No tag matches.</p>
      ) : (
        <ul className="divide-y">
          {explained.map((tag) => (
            <ExplainedTag key={tag.id} tag={tag} rules={rules} />
          ))}
        </ul>
      )}
      {pages > 1 && <Pages page={explain.page} pages={pages} onChange={(page) => onChange({ ...explain, page })} />}
    </section>
  )
}

function ExplainedTag({ tag, rules }: { tag: PolicySimulation['explained'][number]; rules: readonly RetentionRule[] }) {
  const [Icon, tone, text] = tag.isKept
    ? ([ShieldCheck, 'text-good', 'Kept'] as const)
    : ([Trash2, 'text-danger', 'To delete'] as const)
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 text-sm sm:grid-cols-[6rem_minmax(0,1fr)_minmax(0,1.4fr)_6.5rem]">
      <span className="flex items-center gap-1.5 self-start font-medium">
        <Icon aria-hidden className={cn('size-4', tone)} />
        {text}
      </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <Link href={manifestHref(tag, tag.tag)} className="font-medium hover:text-accent">
          {tag.tag}
        </Link>
        <span className="block text-xs text-muted">
          {tag.registry}/{tag.repository}
        </span>
        {tag.digest && (
          <span className="text-xs">
            <Digest digest={tag.digest} swatch copy={false} />
          </span>
        )}
      </span>
      <span className="min-w-0">
        {reasonLines(tag, rules).map(({ text, isUnknown }) => (
          <span key={text} className="block text-muted first:text-ink">
            {isUnknown && <TriangleAlert aria-hidden className="me-1 inline size-3.5 text-warn" />}
            <SafeText text={text} />
          </span>
        ))}
      </span>
      <span className="text-xs text-muted sm:text-end">
        {tag.created === undefined ? (
          <span className="unknown">unknown</span>
        ) : (
          <Time iso={new Date(tag.created).toISOString()} format="age-or-date" />
        )}
      </span>
    </li>
  )
}

function Pages({ page, pages, onChange }: { page: number; pages: number; onChange: (page: number) => void }) {
  return (
    <div className="flex items-center justify-end gap-2 border-t px-4 py-2 text-xs text-muted">
      <span className="tabular">
        Page {page} of {formatCount(pages)}
      </span>
      <Button size="sm" disabled={page === 1} onClick={() => onChange(page - 1)}>
        Previous
      </Button>
      <Button size="sm" disabled={page >= pages} onClick={() => onChange(page + 1)}>
        Next
      </Button>
    </div>
  )
}
