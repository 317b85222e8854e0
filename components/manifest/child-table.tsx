import { Bytes } from '@/components/ui/bytes'
import { cn } from '@/components/ui/cn'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { Panel } from '@/components/ui/panel'
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

/** What an index lists. A platform's row selects it for the tabs below; attestations are only counted. */
export function ChildTable({ page, selector, state }: ChildTableProps) {
  const { registry, repository, children, folded, selected } = page
  const href = (change: Partial<ManifestPageState>) =>
    manifestHref(registry, repository, selector, manifestPageQuery({ ...otherTab(state, state.tab), ...change }))
  return (
    <section aria-labelledby="platforms" className="mb-6">
      <h2 id="platforms" className="mb-2 flex items-center gap-2 text-sm font-medium">
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
      </h2>
      <Panel>
        <table className="w-full min-w-136 text-sm">
          <thead className="text-left text-xs text-muted">
            <tr className="border-b [&>th]:h-8 [&>th]:px-4 [&>th]:font-medium">
              <th scope="col">Platform</th>
              <th scope="col">Digest</th>
              <th scope="col" className="text-right">
                Layers
              </th>
              <th scope="col" className="text-right">
                Size
              </th>
              <th scope="col" className="text-right">
                Created
              </th>
            </tr>
          </thead>
          <tbody>
            {children.items.map((child) => (
              <ChildRow
                key={`${child.descriptor.digest} ${child.descriptor.platform}`}
                child={child}
                isSelected={child.descriptor.digest === selected?.descriptor.digest}
                href={href({ platform: child.descriptor.platform ?? child.descriptor.digest })}
                digestHref={manifestHref(registry, repository, child.descriptor.digest, {
                  index: page.manifest.digest,
                })}
              />
            ))}
          </tbody>
        </table>
      </Panel>
      <Pager
        count={children.total}
        size={children.size}
        page={children.page}
        hrefOf={(number) => href({ platforms: number })}
      />
    </section>
  )
}

interface ChildRowProps {
  child: ChildView
  isSelected: boolean
  href: string
  digestHref: string
}

function ChildRow({ child: { descriptor, child }, isSelected, href, digestHref }: ChildRowProps) {
  const platform =
    descriptor.platform ?? descriptor.artifactType ?? (child.ok ? child.value.config?.platform : undefined)
  return (
    <tr
      className={cn('h-9 border-b last:border-0 [&>*]:px-4', isSelected ? 'bg-accent-soft/60' : 'hover:bg-sunken/60')}
    >
      <th scope="row" className="text-left font-medium">
        <Link
          href={href}
          scroll={false}
          aria-current={isSelected ? 'true' : undefined}
          className={cn('underline-offset-2 hover:text-accent hover:underline', isSelected && 'text-accent')}
        >
          {platform ?? 'no platform'}
        </Link>
      </th>
      <td>
        <Digest digest={descriptor.digest} href={digestHref} copy={false} swatch />
      </td>
      {child.ok ? (
        <>
          <td className="text-right tabular">{child.value.steps.filter((step) => step.layer).length}</td>
          <td className="text-right tabular">
            {child.value.size === undefined ? '–' : <Bytes bytes={child.value.size} />}
          </td>
          <td className="text-right text-muted">{child.value.created ? <Time iso={child.value.created} /> : '–'}</td>
        </>
      ) : (
        <td colSpan={3} className="text-right text-danger" title={child.problem.detail}>
          {child.problem.code === 'registry.not-found'
            ? 'Missing: listed here, but not in this repository'
            : child.problem.title}
        </td>
      )}
    </tr>
  )
}
