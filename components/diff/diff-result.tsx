import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import type { DiffPage } from '@/lib/data/manifest/read-diff'
import { DIFF_VIEWS, type DiffView } from '@/lib/routes/diff-page'
import { diffHref, sideOf } from '@/lib/routes/href'
import { ChangeTable } from './change-table'
import { DiffSides } from './diff-sides'
import { fieldRows } from './field-rows'
import { JsonHunks } from './json-hunks'
import { LayerRows } from './layer-rows'
import { PlatformRows } from './platform-rows'
import { SameNotice } from './same-notice'

const VIEWS: Record<DiffView, string> = { changes: 'Changes', all: 'Everything', raw: 'Raw JSON' }

export function DiffResult({ page, view }: { page: DiffPage; view: DiffView }) {
  const href = (to: { view?: DiffView; platform?: string }) =>
    diffHref(
      sideOf(page.a.registry, page.a.repository, page.a.selector),
      sideOf(page.b.registry, page.b.repository, page.b.selector),
      {
        platform: to.platform ?? page.platform,
        view: (to.view ?? view) === 'changes' ? undefined : (to.view ?? view),
      },
    )
  const { images } = page
  const isSame = images.ok && page.a.compared.digest === page.b.compared.digest
  return (
    <div className="space-y-6">
      <DiffSides page={page} />
      {page.platforms.length > 0 && (
        <PlatformRows platforms={page.platforms} selected={page.platform} href={(platform) => href({ platform })} />
      )}
      {!images.ok && <ProblemNotice problem={images.problem} />}
      {isSame && <SameNotice page={page} />}
      {images.ok && !isSame && (
        <section aria-label="Differences">
          <nav aria-label="Views" className="mb-4 flex gap-1 border-b">
            {DIFF_VIEWS.map((name) => (
              <Link
                key={name}
                href={href({ view: name })}
                scroll={false}
                aria-current={name === view ? 'page' : undefined}
                className={cn(
                  '-mb-px flex h-9 items-center border-b-2 px-3 text-sm font-medium',
                  name === view ? 'border-accent' : 'border-transparent text-muted hover:text-ink',
                )}
              >
                {VIEWS[name]}
              </Link>
            ))}
          </nav>
          {view === 'raw' ? (
            <JsonHunks diff={images.value.raw} />
          ) : (
            <div className="space-y-6">
              <ChangeTable title="Config" rows={fieldRows(images.value.diff.fields)} onlyChanges={view === 'changes'} />
              <ChangeTable
                title="Environment"
                rows={images.value.diff.env.map((row) => ({ ...row, key: row.name }))}
                onlyChanges={view === 'changes'}
              />
              <ChangeTable
                title="Labels and annotations"
                rows={images.value.diff.labels.map((row) => ({
                  ...row,
                  key: `${row.origin} ${row.name}`,
                  note: row.origin === 'annotation' ? 'annotation' : undefined,
                }))}
                onlyChanges={view === 'changes'}
              />
              <LayerRows diff={images.value.diff} onlyChanges={view === 'changes'} />
            </div>
          )}
        </section>
      )}
    </div>
  )
}
