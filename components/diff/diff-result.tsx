import { Suspense } from 'react'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { TabLink, TabNav } from '@/components/ui/tab-nav'
import type { DiffPage, NamedChange } from '@/lib/data/manifest/read-diff'
import {
  DIFF_VIEWS,
  type DiffPageState,
  type DiffSection,
  type DiffView,
  diffPageQuery,
  FIRST_PAGES,
} from '@/lib/routes/diff-page-query'
import { diffHref, sideOf } from '@/lib/routes/href'
import { ChangeTable } from './change-table'
import { DiffSides } from './diff-sides'
import { fieldRows } from './field-rows'
import { JsonHunks } from './json-hunks'
import { LayerRows } from './layer-rows'
import { PackageChanges } from './package-changes'
import { PlatformRows } from './platform-rows'
import { SameNotice } from './same-notice'

const VIEWS: Record<DiffView, string> = { changes: 'Changes', all: 'Everything', raw: 'Raw JSON' }

interface DiffResultProps {
  page: DiffPage
  state: DiffPageState
  /** Of both SBOMs; undefined unless both sides have one. */
  packages: Promise<readonly NamedChange[] | undefined>
}

export function DiffResult({ page, state, packages }: DiffResultProps) {
  const { view, pages } = state
  const href = (change: { view?: DiffView; platform?: string; pages?: DiffPageState['pages'] }) =>
    diffHref(sideOf(page.a, page.a.selector), sideOf(page.b, page.b.selector), {
      platform: change.platform ?? page.platform,
      ...diffPageQuery({ view: change.view ?? view, pages: change.pages ?? FIRST_PAGES }),
    })
  const pageHref = (section: DiffSection) => (number: number) => href({ pages: { ...pages, [section]: number } })
  const { images } = page
  const isSame = images.ok && page.a.compared.digest === page.b.compared.digest
  const onlyChanges = view === 'changes'
  if (page.a.digest === page.b.digest)
    return (
      <div className="space-y-6">
        <DiffSides page={page} />
        <SameNotice page={page} />
      </div>
    )
  return (
    <div className="space-y-6">
      <DiffSides page={page} />
      {page.platforms.total > 0 && (
        <PlatformRows
          platforms={page.platforms}
          selected={page.platform}
          href={(platform) => href({ platform })}
          hrefOf={pageHref('platforms')}
        />
      )}
      {!images.ok && <ProblemNotice problem={images.problem} />}
      {isSame && <SameNotice page={page} />}
      {images.ok && !isSame && (
        <section aria-label="Differences">
          <TabNav label="Views">
            {DIFF_VIEWS.map((name) => (
              <TabLink
                key={name}
                href={href({ view: name })}
                scroll={false}
                current={name === view ? 'page' : undefined}
              >
                {VIEWS[name]}
              </TabLink>
            ))}
          </TabNav>
          {view === 'raw' ? (
            <JsonHunks diff={images.value.raw} />
          ) : (
            <div className="space-y-6">
              <ChangeTable title="Config" rows={fieldRows(images.value.diff.fields)} onlyChanges={onlyChanges} />
              <ChangeTable
                title="Environment"
                rows={images.value.diff.env.map((row) => ({ ...row, key: row.name }))}
                onlyChanges={onlyChanges}
                page={pages.env}
                hrefOf={pageHref('env')}
              />
              <ChangeTable
                title="Labels and annotations"
                rows={images.value.diff.labels.map((row) => ({
                  ...row,
                  key: `${row.origin} ${row.name}`,
                  note: row.origin === 'annotation' ? 'annotation' : undefined,
                }))}
                onlyChanges={onlyChanges}
                page={pages.labels}
                hrefOf={pageHref('labels')}
              />
              <Suspense>
                <PackageChanges
                  packages={packages}
                  onlyChanges={onlyChanges}
                  page={pages.packages}
                  hrefOf={pageHref('packages')}
                />
              </Suspense>
              <LayerRows
                diff={images.value.diff}
                onlyChanges={onlyChanges}
                page={pages.layers}
                hrefOf={pageHref('layers')}
              />
            </div>
          )}
        </section>
      )}
    </div>
  )
}
