import { X } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { buttonStyles } from '@/components/ui/button'
import { swatchClass } from '@/components/ui/digest'
import { ExportMenu } from '@/components/ui/export-menu'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { SafeText } from '@/components/ui/safe-text'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { ListedFinding, PolicyReport } from '@/lib/data/policy/read-policy-report'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { exportHref, manifestHref, policyHref } from '@/lib/routes/href'
import { NO_OWNER, type PolicyPageState, policyPageQuery } from '@/lib/routes/policy-page-query'
import { FindingKind } from './finding-kind'
import { KIND_WORDS } from './policy-matrix'

interface FindingListProps {
  report: PolicyReport
  state: PolicyPageState
  /** On the page of a repository, which goes without saying: `repository`. */
  within?: 'repository'
}

/** The findings that the page has selected, each linked to its image. */
export function FindingList({ report, state, within }: FindingListProps) {
  const hrefOf = (page: number) => policyHref(policyPageQuery({ ...state, page }))
  const query = policyPageQuery({ ...state, page: 1 })
  return (
    <section className="mt-6" aria-label="Findings">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-medium">{plural(report.selected, 'finding')}</h2>
        <Selected state={within ? { ...state, repository: null } : state} />
        <span className="ml-auto">
          <ExportMenu
            files={(['csv', 'ndjson'] as const).map((format) => ({
              format,
              href: exportHref('policy', { ...query, format }),
            }))}
            size="sm"
          />
        </span>
      </div>
      <Table
        name="findings"
        caption="Findings"
        columns={within ? COLUMNS.map((column) => (column.id === 'image' ? TAG : column)) : COLUMNS}
        rows={report.findings}
        rowKey={(_, index) => index}
        isText
        footer={
          report.selected === 0 && <p className="px-4 py-10 text-center text-sm text-muted">No findings match.</p>
        }
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
    { name: 'owner', word: 'Owner', value: state.owner === NO_OWNER ? 'unknown' : state.owner },
    { name: 'repository', word: 'Repository', value: state.repository },
    { name: 'since', word: 'Since', value: state.since && 'this week' },
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

const WEEK = 7 * 86_400_000

const TAG: Column<ListedFinding> = {
  id: 'image',
  role: 'name',
  head: 'Tag',
  cell: (finding) => <Image finding={finding}>{finding.tag}</Image>,
}

const COLUMNS: readonly Column<ListedFinding>[] = [
  {
    id: 'image',
    role: 'name',
    head: 'Image',
    cell: (finding) => (
      <Image finding={finding}>
        {finding.registry}/{finding.repository}:{finding.tag}
      </Image>
    ),
  },
  { id: 'kind', width: 6.5, head: 'Kind', cell: ({ kind }) => <FindingKind kind={kind} /> },
  {
    id: 'finding',
    width: 20,
    line: 'rest',
    head: 'Finding',
    cell: (finding) => (
      <>
        <Words finding={finding} />
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
    stacked: 'owner',
    head: 'Owner',
    cell: ({ owner }) => (owner ? <SafeText text={owner} /> : <span className="unknown">unknown</span>),
  },
  {
    id: 'since',
    width: 10,
    priority: 3,
    stacked: 'since',
    line: 'own',
    head: 'Since',
    cell: (finding) => <Since finding={finding} />,
  },
]

function Since({ finding: { since, firstCheckedFrom } }: { finding: ListedFinding }) {
  if (since !== undefined)
    return (
      <span className="inline-flex flex-wrap items-baseline gap-x-1.5">
        <Time iso={new Date(since).toISOString()} />
        {Date.now() - since < WEEK && <Badge tone="accent">new</Badge>}
      </span>
    )
  if (firstCheckedFrom === undefined) return <span className="unknown">unknown</span>
  return (
    <span className="quiet" title="It was there when Lading first checked this repository against the policy">
      first check
      <small>
        <Time iso={new Date(firstCheckedFrom).toISOString()} /> or later
      </small>
    </span>
  )
}

function Image({ finding, children }: ImageProps) {
  const { tag, digest } = finding
  return (
    <>
      <Link href={manifestHref(finding, tag, { tab: 'labels' })}>{children}</Link>
      <small className="flex items-center gap-1.5">
        <i aria-hidden className={swatchClass(digest)} />
        <span className="mono" title={digest}>
          {shortDigest(digest)}
        </span>
      </small>
    </>
  )
}

interface ImageProps {
  finding: ListedFinding
  children: React.ReactNode
}

/** What is wrong, with the key set apart: `No team` could be about people. */
function Words({ finding: { kind, key, value = '', platforms, broken, checked } }: { finding: ListedFinding }) {
  const where =
    broken < checked ? ` on ${platforms.join(', ') || 'one platform'} (${broken} of ${checked} platforms)` : ''
  const shown = value.length > 120 ? `${value.slice(0, 120)}…` : value
  const name = <SafeText text={key ?? ''} className="mono" />
  switch (kind) {
    case 'missing':
      return (
        <>
          {value === '' ? 'No' : 'Empty'} {name}
          {where && <SafeText text={where} />}
        </>
      )
    case 'invalid':
      return (
        <>
          {name} is <SafeText text={`${shown}${where}`} />
        </>
      )
    case 'forbidden':
      return (
        <>
          Has {name}
          <SafeText text={`=${shown}${where}`} />
        </>
      )
    case 'too-old':
      return <SafeText text={`Created ${value.slice(0, 10)}${where}`} />
  }
}
