import type { SearchParams } from 'nuqs/server'
import { Suspense } from 'react'
import { ChartOverview } from '@/components/manifest/chart-overview'
import { CheckButton } from '@/components/manifest/check-button'
import { ChildTable } from '@/components/manifest/child-table'
import { DamagedChild } from '@/components/manifest/damaged-child'
import { LabelTable } from '@/components/manifest/label-table'
import { LayerTable } from '@/components/manifest/layer-table'
import { ManifestHeader } from '@/components/manifest/manifest-header'
import { ManifestTabs } from '@/components/manifest/manifest-tabs'
import { Overview } from '@/components/manifest/overview'
import { PullCommands } from '@/components/manifest/pull-commands'
import { RawJson } from '@/components/manifest/raw-json'
import { Referrers } from '@/components/referrers/referrers'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { Skeleton } from '@/components/ui/skeleton'
import type { Actor } from '@/lib/access/actor'
import { aboutView } from '@/lib/data/manifest/about'
import { baseImageHref } from '@/lib/data/manifest/base-image'
import { countReferrers } from '@/lib/data/manifest/count-referrers'
import { filterLabels, type LabelRow } from '@/lib/data/manifest/label-rows'
import { pageLabels, shownManifest } from '@/lib/data/manifest/page-labels'
import { readChartView } from '@/lib/data/manifest/read-chart'
import { type ManifestPage, readManifestPage, readRawManifest } from '@/lib/data/manifest/read-manifest'
import { readManifestHead } from '@/lib/data/manifest/read-manifest-head'
import { type ReferrerSubject, type ReferrersView, readReferrers } from '@/lib/data/manifest/read-referrers'
import { readNeighbours } from '@/lib/data/tags/read-neighbours'
import { pageOf } from '@/lib/format/page-of'
import { pullCommands } from '@/lib/format/pull-commands'
import { parseDigest } from '@/lib/oci/digest'
import { isTag, type RepositoryName, type TagOrDigest } from '@/lib/oci/reference'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { manifestHref, rawManifestHref } from '@/lib/routes/href'
import { loadManifestParams } from '@/lib/routes/manifest-page'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import { PendingManifest } from './pending-manifest'
import { Timely } from './timely'

interface ManifestScreenProps {
  actor: Actor
  registry: string
  repository: RepositoryName
  reference: TagOrDigest
  searchParams: Promise<SearchParams>
}

/** A manifest of any kind; of an index, the child that the URL's platform names. */
export async function ManifestScreen({ actor, registry, repository, reference, searchParams }: ManifestScreenProps) {
  const state = await loadManifestParams(searchParams)
  const breadcrumbs = <Breadcrumbs registry={registry} path={repository} selector={reference} />
  const head = readManifestHead(actor, registry, repository, reference)
  return (
    <Timely
      reading={readManifestPage(actor, registry, repository, reference, state)}
      decision={head}
      fallback={<PendingManifest head={head} reference={reference} breadcrumbs={breadcrumbs} />}
    >
      {(read) =>
        read.ok ? (
          <Manifest
            actor={actor}
            page={read.value}
            registry={registry}
            repository={repository}
            reference={reference}
            state={state}
          />
        ) : (
          <>
            {breadcrumbs}
            <h1 className="mb-4 text-xl font-semibold tracking-tight break-all">{reference}</h1>
            <ProblemNotice problem={read.problem} />
          </>
        )
      }
    </Timely>
  )
}

interface ManifestProps extends Omit<ManifestScreenProps, 'searchParams'> {
  page: ManifestPage
  state: ManifestPageState
}

function Manifest({ actor, page, registry, repository, reference, state }: ManifestProps) {
  const place = { registry, repository, selector: reference }
  const subject = subjectOf(page)
  const referrers =
    state.tab === 'referrers' ? attempt(() => readReferrers(actor, { registry, repository }, subject)) : undefined
  const counts = referrers
    ? referrers.then((found) => (found.ok ? found.value.counts : undefined))
    : countReferrers(actor, { registry, repository }, subject).catch(() => undefined)
  const neighbours = isTag(reference)
    ? readNeighbours(actor, { registry, repository }, reference).catch(() => undefined)
    : Promise.resolve(undefined)
  const labels = pageLabels(page)
  const layers = shownManifest(page).steps.filter((step) => step.layer).length
  return (
    <>
      <Breadcrumbs registry={registry} path={repository} selector={reference} />
      <ManifestHeader page={page} selector={reference} neighbours={neighbours} />
      <PullCommands
        groups={pullCommands({
          from: page.from,
          repository,
          selector: reference,
          digest: page.manifest.digest,
          artifact: page.manifest.artifact.kind,
          hasNamedFiles: page.manifest.steps.some(({ layer }) =>
            layer?.annotations.some(([key]) => key === 'org.opencontainers.image.title'),
          ),
        })}
      />
      {state.platform !== null && page.children.total > 0 && !page.selected && (
        <Notice
          tone="warn"
          className="mb-4"
          title={<SafeText text={`This image isn’t available for ${state.platform}`} />}
        >
          Its platforms are listed below. The tabs show the index itself.
        </Notice>
      )}
      {page.children.total > 0 && <ChildTable page={page} selector={reference} state={state} />}
      <ManifestTabs place={place} state={state} counts={{ labels: labels.length, layers }} referrers={counts}>
        {referrers ? (
          <Suspense fallback={<Skeleton width={16} />}>
            <ReferrersTab page={page} referrers={referrers} />
          </Suspense>
        ) : (
          <TabContent actor={actor} page={page} labels={labels} reference={reference} state={state} />
        )}
      </ManifestTabs>
    </>
  )
}

interface TabContentProps {
  actor: Actor
  page: ManifestPage
  labels: readonly LabelRow[]
  reference: TagOrDigest
  state: ManifestPageState
}

/** Rows of labels on one page: with values of kilobytes, enough to fill it. */
const LABELS = 50

async function TabContent({ actor, page, labels, reference, state }: TabContentProps) {
  const { tab } = state
  const { selected, registry, repository } = page
  const check = <CheckButton target={{ registry, repository, selector: reference, digest: page.manifest.digest }} />
  if (selected && !selected.child.ok && tab !== 'raw')
    return <DamagedChild descriptor={selected.descriptor} problem={selected.child.problem} check={check} />
  const shown = shownManifest(page)
  const hrefOf = (number: number) =>
    manifestHref(registry, repository, reference, manifestPageQuery({ ...state, page: number }))
  switch (tab) {
    case 'overview':
    case 'referrers': {
      const about = aboutView(labels)
      return (
        <Overview
          manifest={shown}
          about={about}
          baseHref={about.base && baseImageHref(actor, about.base)}
          check={check}
          registry={registry}
          repository={repository}
          page={state.page}
          hrefOf={hrefOf}
          chart={
            shown.artifact.kind === 'helm' && (
              <Suspense fallback={<Skeleton size="block" />}>
                <ChartOverview
                  chart={attempt(() =>
                    readChartView(actor, { registry, repository }, parseDigest(shown.digest), state.file),
                  )}
                  hrefOf={(file) =>
                    manifestHref(registry, repository, reference, manifestPageQuery({ ...state, file }))
                  }
                />
              </Suspense>
            )
          }
        />
      )
    }
    case 'labels': {
      const one = state.label === null ? undefined : labels.filter(({ id }) => id === state.label)
      return (
        <LabelTable
          rows={pageOf(one ?? filterLabels(labels, state.q), state.page, LABELS)}
          total={labels.length}
          isWhole={one !== undefined}
          place={{ registry, repository, selector: reference }}
          state={state}
        />
      )
    }
    case 'layers':
      return (
        <LayerTable manifest={shown} registry={registry} repository={repository} page={state.page} hrefOf={hrefOf} />
      )
    case 'raw': {
      // Without a platform in the address, the raw document is the index's.
      const digest = parseDigest(
        selected && state.platform !== null ? selected.descriptor.digest : page.manifest.digest,
      )
      const raw = await attempt(() => readRawManifest(actor, registry, repository, digest))
      return raw.ok ? (
        <RawJson
          raw={raw.value}
          registry={registry}
          repository={repository}
          page={state.page}
          hrefOf={hrefOf}
          from={selected && state.platform !== null ? digest : reference}
          download={rawManifestHref(registry, repository, digest)}
        />
      ) : (
        <ProblemNotice problem={raw.problem} />
      )
    }
  }
}

function subjectOf({ manifest, selected, relatives: { parent } }: ManifestPage): ReferrerSubject {
  return {
    digest: parseDigest(manifest.digest),
    ...(selected && { child: parseDigest(selected.descriptor.digest) }),
    ...(parent && { parent: parseDigest(parent.digest) }),
  }
}

async function ReferrersTab({ page, referrers }: { page: ManifestPage; referrers: Promise<Attempt<ReferrersView>> }) {
  const found = await referrers
  return found.ok ? (
    <Referrers referrers={found.value} registry={page.registry} repository={page.repository} />
  ) : (
    <ProblemNotice problem={found.problem} />
  )
}
