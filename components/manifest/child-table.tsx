import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { type Column, Table } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { ChildView, ManifestPage } from '@/lib/data/manifest/read-manifest'
import { plural } from '@/lib/format/bytes'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery, otherTab } from '@/lib/routes/manifest-page-query'

interface ChildTableProps {
  page: ManifestPage
  selector: string
  state: ManifestPageState
}

/** What an index lists. A platform's row selects it, as `PlatformSwitch` does; attestations are only counted. */
export function ChildTable({ page, selector, state }: ChildTableProps) {
  const { children, folded, selected } = page
  const href = (change: Partial<ManifestPageState>) =>
    manifestHref(page, selector, manifestPageQuery({ ...otherTab(state, state.tab), ...change }))
  return (
    <section aria-labelledby="platforms">
      <h3 id="platforms" className="mb-2 flex flex-wrap items-center gap-x-2 text-sm font-medium">
        Platforms
        {folded.attestations > 0 && (
          <Link
            href={href({ tab: 'referrers' })}
            className="text-xs font-normal text-muted underline-offset-2 hover:text-ink hover:underline"
          >
            {plural(folded.attestations, 'attestation')}
          </Link>
        )}
        {folded.notRunnable > 0 && (
          <span className="text-xs font-normal text-muted" title="Listed for unknown/unknown; see the raw JSON">
            {plural(folded.notRunnable, 'entry', 'entries')} not runnable (no platform)
          </span>
        )}
      </h3>
      <Table
        name="children"
        caption={`Platforms of ${page.repository}`}
        columns={childColumns(page, href)}
        rows={children.items}
        // An index may list an entry twice.
        rowKey={(_, row) => row}
        isSelected={({ descriptor }) => descriptor.digest === selected?.descriptor.digest}
      />
      <Pager
        count={children.total}
        size={children.size}
        page={children.page}
        hrefOf={(number) => href({ platforms: number })}
      />
    </section>
  )
}

function childColumns(page: ManifestPage, href: (change: Partial<ManifestPageState>) => string): Column<ChildView>[] {
  const { selected, manifest } = page
  return [
    {
      id: 'platform',
      role: 'name',
      head: 'Platform',
      cell: ({ descriptor, child }) => (
        <>
          <Link
            href={href({ platform: descriptor.platform ?? descriptor.digest })}
            scroll={false}
            aria-current={descriptor.digest === selected?.descriptor.digest ? 'true' : undefined}
          >
            {descriptor.platform ??
              descriptor.artifactType ??
              (child.ok ? child.value.config?.platform : undefined) ??
              'no platform'}
          </Link>
          {!child.ok && (
            <small className="text-danger" title={child.problem.detail}>
              {child.problem.code === 'registry.not-found'
                ? 'Missing: listed here, but not in this repository'
                : child.problem.title}
            </small>
          )}
        </>
      ),
    },
    {
      id: 'digest',
      head: 'Digest',
      width: 11,
      priority: 1,
      cell: ({ descriptor }) => (
        <Digest
          digest={descriptor.digest}
          href={manifestHref(page, descriptor.digest, { index: manifest.digest })}
          copy={false}
          swatch
        />
      ),
    },
    {
      id: 'layers',
      head: 'Layers',
      width: 5,
      align: 'end',
      priority: 2,
      stacked: 'hidden',
      cell: ({ child }) =>
        child.ok && <span className="tabular">{child.value.steps.filter((step) => step.layer).length}</span>,
    },
    {
      id: 'size',
      head: 'Size',
      width: 6,
      align: 'end',
      cell: ({ child }) =>
        child.ok && (child.value.size === undefined ? UNKNOWN : <Bytes bytes={child.value.size} className="tabular" />),
    },
    {
      id: 'created',
      head: 'Created',
      width: 8.5,
      align: 'end',
      stacked: 'created',
      cell: ({ child }) =>
        child.ok &&
        (child.value.created ? <Time iso={child.value.created} format="age-or-date" className="quiet" /> : UNKNOWN),
    },
  ]
}

const UNKNOWN = <span className="unknown">unknown</span>
