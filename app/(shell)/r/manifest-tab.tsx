import { Suspense } from 'react'
import { AddedChips } from '@/components/manifest/added-chips'
import { AddedLabels } from '@/components/manifest/added-labels'
import { ChartOverview } from '@/components/manifest/chart-overview'
import { CheckButton } from '@/components/manifest/check-button'
import { ChildTable } from '@/components/manifest/child-table'
import { DamagedChild } from '@/components/manifest/damaged-child'
import { LabelTable } from '@/components/manifest/label-table'
import { LabelViews } from '@/components/manifest/label-views'
import { LayerTable } from '@/components/manifest/layer-table'
import { Lineage } from '@/components/manifest/lineage'
import type { ManifestPlace } from '@/components/manifest/manifest-place'
import { Overview } from '@/components/manifest/overview'
import { Pull } from '@/components/manifest/pull'
import { RawJson } from '@/components/manifest/raw-json'
import { PolicyExplanation } from '@/components/policy/policy-explanation'
import { Referrers } from '@/components/referrers/referrers'
import { PendingReferrersCard, ReferrersCard } from '@/components/referrers/referrers-card'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Skeleton } from '@/components/ui/skeleton'
import type { Actor } from '@/lib/access/actor'
import { readAddedLabels } from '@/lib/data/labels/added-labels'
import { aboutView } from '@/lib/data/manifest/about'
import { baseImageHref } from '@/lib/data/manifest/base-image'
import type { ReferrerCounts } from '@/lib/data/manifest/count-referrers'
import { filterLabels, type LabelRow } from '@/lib/data/manifest/label-rows'
import { selectedDigest, shownManifest } from '@/lib/data/manifest/page-labels'
import { readChartView } from '@/lib/data/manifest/read-chart'
import { readLineage } from '@/lib/data/manifest/read-lineage'
import { type ManifestPage, readRawManifest } from '@/lib/data/manifest/read-manifest'
import type { ReferrersView } from '@/lib/data/manifest/read-referrers'
import { explainImage, type ImageExplanation } from '@/lib/data/policy/explain-image'
import { imageTypeOf } from '@/lib/filter/image-type'
import { pageOf } from '@/lib/format/page-of'
import { parseDigest } from '@/lib/oci/digest'
import type { Place } from '@/lib/oci/place'
import type { Selector } from '@/lib/oci/reference'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { manifestHref, rawManifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery, otherTab } from '@/lib/routes/manifest-page-query'

interface ManifestTabProps {
  actor: Actor
  place: Place
  page: ManifestPage
  labels: readonly LabelRow[]
  reference: Selector
  state: ManifestPageState
  /** Of what refers to the image. */
  counts: Promise<ReferrerCounts | undefined>
  /** As the policies find them. */
  owners: ImageExplanation['owners'] | undefined
}

/** Rows of labels on one page: with values of kilobytes, enough to fill it. */
const LABELS = 50

/** What a tab of a manifest shows, but for referrers, which have a tab of their own. */
export async function ManifestTab(props: ManifestTabProps) {
  const { place, page, reference, state } = props
  const { selected } = page
  const check = <CheckButton target={{ ...place, selector: reference, digest: page.manifest.digest }} />
  const platforms = page.children.total > 0 && <ChildTable page={page} selector={reference} state={state} />
  if (selected && !selected.child.ok && state.tab !== 'raw')
    return (
      <div className="space-y-4">
        <DamagedChild descriptor={selected.descriptor} problem={selected.child.problem} check={check} />
        {state.tab === 'overview' && platforms}
      </div>
    )
  const hrefOf = (number: number) => manifestHref(place, reference, manifestPageQuery({ ...state, page: number }))
  switch (state.tab) {
    case 'overview':
    case 'referrers':
      return <OverviewTab {...props} check={check} hrefOf={hrefOf} platforms={platforms} />
    case 'labels':
      return <LabelsTab {...props} />
    case 'layers':
      return <LayerTable manifest={shownManifest(page)} place={place} page={state.page} hrefOf={hrefOf} />
    case 'raw':
      return <RawTab {...props} hrefOf={hrefOf} />
  }
}

interface PagedTabProps extends ManifestTabProps {
  hrefOf: (page: number) => string
}

interface OverviewTabProps extends PagedTabProps {
  check: React.ReactNode
  platforms: React.ReactNode
}

async function OverviewTab(props: OverviewTabProps) {
  const { actor, place, page, labels, reference, state, counts, owners, check, platforms, hrefOf } = props
  const shown = shownManifest(page)
  const about = aboutView(labels)
  const added = await readAdded(actor, place, page)
  return (
    <Overview
      manifest={shown}
      about={about}
      owners={owners}
      added={
        added.labels.ok && (added.mayEdit || added.labels.value.length > 0) ? (
          <AddedChips
            {...added}
            labels={added.labels.value}
            allHref={manifestHref(place, reference, manifestPageQuery(otherTab(state, 'labels')))}
          />
        ) : undefined
      }
      baseHref={about.base && (await baseImageHref(actor, place.registry, about.base))}
      check={check}
      aside={
        <>
          <Pull page={page} selector={reference} />
          <Suspense fallback={<PendingReferrersCard />}>
            <ReferrersCard
              counts={counts}
              href={manifestHref(place, reference, manifestPageQuery(otherTab(state, 'referrers')))}
              namesMissing={imageTypeOf(page.manifest.artifact.kind) !== 'artifact'}
            />
          </Suspense>
          {platforms}
          <Suspense>
            <Lineage
              reading={readLineage(actor, place, imageOf(page)).catch(() => undefined)}
              registry={place.registry}
            />
          </Suspense>
        </>
      }
      place={place}
      page={state.page}
      hrefOf={hrefOf}
      chart={
        shown.isChart && (
          <Suspense fallback={<Skeleton size="block" />}>
            <ChartOverview
              chart={attempt(() => readChartView(actor, place, parseDigest(shown.digest), state.file), actor)}
              hrefOf={(file) => manifestHref(place, reference, manifestPageQuery({ ...state, file }))}
            />
          </Suspense>
        )
      }
    />
  )
}

async function LabelsTab({ actor, place, page, labels, reference, state }: ManifestTabProps) {
  const one = state.label === null ? undefined : labels.filter(({ id }) => id === state.label)
  const added = await readAdded(actor, place, page)
  const explanation = explainImage(actor, page, reference, added.labels.ok ? added.labels.value : [])
  const shown = { ...place, selector: reference }
  const views = explanation && <LabelViews place={shown} state={state} findings={explanation.findings} />
  if (explanation && state.view === 'policy')
    return (
      <>
        {views}
        <PolicyExplanation explanation={explanation} />
      </>
    )
  return (
    <>
      {views}
      {added.labels.ok ? (
        <AddedLabels {...added} labels={added.labels.value} />
      ) : (
        <ProblemNotice problem={added.labels.problem} />
      )}
      <LabelTable
        rows={pageOf(one ?? filterLabels(labels, state.q), state.page, LABELS)}
        total={labels.length}
        isWhole={one !== undefined}
        place={shown}
        state={state}
      />
    </>
  )
}

async function RawTab({ actor, place, page, reference, state, hrefOf }: PagedTabProps) {
  const { selected } = page
  // Without a platform in the address, the raw document is the index's.
  const shown = selected && state.platform !== null ? selected.descriptor.digest : page.manifest.digest
  const read = await attempt(async () => {
    const digest = parseDigest(shown)
    return { digest, raw: await readRawManifest(actor, place, digest) }
  }, actor)
  if (!read.ok) return <ProblemNotice problem={read.problem} />
  const { digest, raw } = read.value
  return (
    <RawJson
      raw={raw}
      place={place}
      page={state.page}
      hrefOf={hrefOf}
      from={selected && state.platform !== null ? digest : reference}
      download={rawManifestHref(place, digest)}
    />
  )
}

/** Labels added to the manifest and to the platform that is shown. */
async function readAdded(actor: Actor, place: Place, page: ManifestPage) {
  const { manifest, selected, may } = page
  const child = selectedDigest(page)
  const targets = [
    { digest: parseDigest(manifest.digest), name: selected ? 'all platforms' : 'this image' },
    ...(child ? [{ digest: child, name: selected?.descriptor.platform ?? 'this child' }] : []),
  ]
  const digests = targets.map(({ digest }) => digest)
  const labels = await attempt(() => readAddedLabels(actor, place, { digests }))
  return { place, targets, labels, mayEdit: may.label }
}

/** The image that the page shows, and the index that lists it. */
function imageOf(page: ManifestPage) {
  const { manifest, relatives } = page
  const child = selectedDigest(page)
  const index = child ? manifest.digest : relatives.parent?.digest
  return {
    digest: child ?? parseDigest(manifest.digest),
    ...(index && { index: parseDigest(index) }),
  }
}

interface ReferrersTabProps {
  place: ManifestPlace
  state: ManifestPageState
  referrers: Promise<Attempt<ReferrersView>>
}

export async function ReferrersTab({ referrers, ...shown }: ReferrersTabProps) {
  const found = await referrers
  return found.ok ? <Referrers referrers={found.value} {...shown} /> : <ProblemNotice problem={found.problem} />
}
