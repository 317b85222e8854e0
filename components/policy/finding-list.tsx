import { Download, X } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { swatchClass } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import type { Finding, PolicyReport } from '@/lib/data/policy/read-policy-report'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { exportHref, manifestHref, policyHref } from '@/lib/routes/href'
import { NO_OWNER, type PolicyPageState, policyPageQuery } from '@/lib/routes/policy-page-query'
import { KIND_WORDS } from './policy-matrix'

/** The findings that the page has selected, each linked to its image. */
export function FindingList({ report, state }: { report: PolicyReport; state: PolicyPageState }) {
  const hrefOf = (page: number) => policyHref(policyPageQuery({ ...state, page }))
  const query = policyPageQuery({ ...state, page: 1 })
  return (
    <section className="mt-6" aria-label="Findings">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-medium">{plural(report.selected, 'finding')}</h2>
        <Selected state={state} />
        <span className="ml-auto flex gap-2">
          {(['csv', 'ndjson'] as const).map((format) => (
            <a
              key={format}
              href={exportHref('policy', { ...query, format })}
              download
              className={buttonStyles({ size: 'sm' })}
            >
              <Download aria-hidden className="size-3.5" />
              {format.toUpperCase()}
            </a>
          ))}
        </span>
      </div>
      <Table
        name="findings"
        caption="Findings"
        columns={COLUMNS}
        rows={report.findings}
        rowKey={(_, index) => index}
        isText
      />
      <Pager count={report.selected} size={report.size} page={report.page} hrefOf={hrefOf} />
    </section>
  )
}

/** What narrows the list, each with a link that removes it. */
function Selected({ state }: { state: PolicyPageState }) {
  const parts = [
    { name: 'policy', word: 'Policy', value: state.policy },
    { name: 'kind', word: 'Kind', value: state.kind && KIND_WORDS[state.kind].toLowerCase() },
    { name: 'owner', word: 'Owner', value: state.owner === NO_OWNER ? 'none known' : state.owner },
    { name: 'repository', word: 'Repository', value: state.repository },
  ]
  return parts.map(
    ({ name, word, value }) =>
      value != null && (
        <Link
          key={name}
          href={policyHref(policyPageQuery({ ...state, [name]: null, page: 1 }))}
          scroll={false}
          aria-label={`Remove the filter ${word.toLowerCase()} ${value}`}
          className={buttonStyles({ size: 'sm' })}
        >
          {word} <SafeText text={value} />
          <X aria-hidden className="size-3.5" />
        </Link>
      ),
  )
}

const COLUMNS: readonly Column<Finding>[] = [
  {
    id: 'image',
    role: 'name',
    head: 'Image',
    cell: ({ registry, repository, tag, digest }) => (
      <>
        <Link href={manifestHref(registry, repository, tag, { tab: 'labels' })}>
          {registry}/{repository}:{tag}
        </Link>
        <small className="flex items-center gap-1.5">
          <i aria-hidden className={swatchClass(digest)} />
          <span className="mono" title={digest}>
            {shortDigest(digest)}
          </span>
        </small>
      </>
    ),
  },
  { id: 'kind', width: 6.5, head: 'Kind', cell: ({ kind }) => KIND_WORDS[kind] },
  {
    id: 'finding',
    width: 20,
    head: 'Finding',
    cell: (finding) => (
      <>
        <SafeText text={wordsOf(finding)} />
        <small>
          <SafeText text={`Expected ${finding.expected}`} />
        </small>
      </>
    ),
  },
  { id: 'policy', width: 8, priority: 1, head: 'Policy', cell: ({ policy }) => policy },
  {
    id: 'owner',
    width: 8,
    priority: 2,
    head: 'Owner',
    cell: ({ owner }) => (owner ? <SafeText text={owner} /> : <span className="unknown">unknown</span>),
  },
]

function wordsOf({ kind, key, value = '', platforms, broken, checked }: Finding): string {
  const where =
    broken < checked ? ` on ${platforms.join(', ') || 'one platform'} (${broken} of ${checked} platforms)` : ''
  const shown = value.length > 120 ? `${value.slice(0, 120)}…` : value
  switch (kind) {
    case 'missing':
      return `${value === '' ? 'No' : 'Empty'} ${key}${where}`
    case 'invalid':
      return `${key} is ${shown}${where}`
    case 'forbidden':
      return `Has ${key}=${shown}${where}`
    case 'too-old':
      return `Created ${value.slice(0, 10)}${where}`
  }
}
