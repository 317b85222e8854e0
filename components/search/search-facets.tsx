import { Check } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { SearchResult } from '@/lib/data/search/read-search'
import { formatCount } from '@/lib/format/bytes'
import { ownValue } from '@/lib/format/own-value'
import { visibleText } from '@/lib/format/visible-text'
import { ARTIFACT_TITLES } from '@/lib/oci/artifact-titles'

interface SearchFacetsProps {
  counts: SearchResult['counts']
  query: SearchResult['query']
  hrefOf: (q: string) => string
}

const TITLES = {
  registry: 'Registry',
  namespace: 'Namespace',
  platform: 'Platform',
  type: 'Type',
  signature: 'Signature',
  age: 'Age',
  size: 'Size',
} as const
const SHOWN = 6

/** What a query finds, by kind: each value narrows it, and widens it again. Behind a button where there is no room. */
export function SearchFacets({ counts, query, hrefOf }: SearchFacetsProps) {
  if (Object.values(counts.facets).every(({ length }) => length === 0)) return null
  return (
    <aside aria-label="Narrow the search" className="lg:w-56 lg:shrink-0">
      <input id="show-facets" type="checkbox" className="peer sr-only lg:hidden" />
      <label
        htmlFor="show-facets"
        className="inline-flex h-8 cursor-pointer items-center rounded-md border bg-surface px-3 text-sm font-medium shadow-xs peer-focus-visible:outline-2 lg:hidden"
      >
        Filters
      </label>
      <div className="grid gap-x-6 gap-y-5 max-lg:mt-3 max-lg:hidden max-lg:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))] max-lg:peer-checked:grid">
        {(Object.keys(TITLES) as (keyof typeof TITLES)[]).map((name) => (
          <Facet key={name} name={name} values={counts.facets[name]} query={query} hrefOf={hrefOf} />
        ))}
        {!counts.isComplete && (
          <p className="text-xs text-muted">Counted over the first {formatCount(counts.tags)} tags.</p>
        )}
      </div>
    </aside>
  )
}

interface FacetProps extends Pick<SearchFacetsProps, 'query' | 'hrefOf'> {
  name: keyof typeof TITLES
  values: SearchResult['counts']['facets'][keyof typeof TITLES]
}

function Facet({ name, values, query, hrefOf }: FacetProps) {
  if (values.length === 0) return null
  const more = values.slice(SHOWN)
  const row = (value: (typeof values)[number]) => (
    <FacetRow key={value.value} label={labelOf(name, value.value)} {...value} query={query} hrefOf={hrefOf} />
  )
  return (
    <section>
      <h2 className="mb-1.5 text-xs font-medium text-muted">{TITLES[name]}</h2>
      <ul className="space-y-0.5">{values.slice(0, SHOWN).map(row)}</ul>
      {more.length > 0 && (
        <details>
          <summary className="mt-1 text-xs font-medium text-accent">{more.length} more</summary>
          <ul className="space-y-0.5">{more.slice(0, 50).map(row)}</ul>
        </details>
      )}
    </section>
  )
}

function labelOf(name: keyof typeof TITLES, value: string): string {
  if (name === 'type') return ownValue<string>(ARTIFACT_TITLES, value) ?? value
  return name === 'namespace' && value === '' ? 'no namespace' : visibleText(value)
}

interface FacetRowProps extends Pick<SearchFacetsProps, 'query' | 'hrefOf'> {
  label: string
  term?: string
  tags: number
}

function FacetRow({ label, term, tags, query, hrefOf }: FacetRowProps) {
  const parts = term?.split(' ') ?? []
  const isOn = term !== undefined && parts.every((part) => query.terms.some(({ text }) => text === part))
  const content = (
    <>
      <span
        aria-hidden
        className={cn(
          'grid size-4 shrink-0 place-items-center rounded border border-muted',
          isOn && 'border-transparent bg-accent text-accent-ink',
          term === undefined && 'border-dashed opacity-50',
        )}
      >
        {isOn && <Check className="size-3" />}
      </span>
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{label}</span>
      <span className="tabular text-xs text-muted">{formatCount(tags)}</span>
    </>
  )
  const className = 'flex min-h-6 items-center gap-2 rounded text-sm'
  if (term === undefined)
    return (
      <li className={cn(className, 'text-muted')} title="This can’t be part of a query">
        {content}
      </li>
    )
  const q = isOn
    ? query.terms
        .filter(({ text }) => !parts.includes(text))
        .map(({ text }) => text)
        .join(' ')
    : `${query.text} ${term}`.trim()
  return (
    <li>
      <Link
        href={hrefOf(q)}
        scroll={false}
        className={cn(className, 'hover:text-accent')}
        aria-label={`${isOn ? 'Remove' : 'Add'} ${label}, ${formatCount(tags)}`}
      >
        {content}
      </Link>
    </li>
  )
}
