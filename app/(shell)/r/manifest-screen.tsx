import type { SearchParams } from 'nuqs/server'
import { Suspense } from 'react'
import { LastSeenImage } from '@/components/manifest/last-seen-image'
import { ManifestHeader } from '@/components/manifest/manifest-header'
import { ManifestTabs } from '@/components/manifest/manifest-tabs'
import { ManifestTitle } from '@/components/manifest/manifest-title'
import { PlatformSwitch } from '@/components/manifest/platform-switch'
import { FindingsBadge } from '@/components/policy/findings-badge'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { LastSeenNotice } from '@/components/registry/last-seen-notice'
import { RetryButton } from '@/components/registry/retry-button'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Refuse } from '@/components/ui/refusal'
import { SafeText } from '@/components/ui/safe-text'
import { Skeleton } from '@/components/ui/skeleton'
import type { Actor } from '@/lib/access/actor'
import { countReferrers } from '@/lib/data/manifest/count-referrers'
import { pageLabels, selectedDigest, shownManifest } from '@/lib/data/manifest/page-labels'
import { readLastSeenImage } from '@/lib/data/manifest/read-last-seen-image'
import { type ManifestPage, readManifestPage } from '@/lib/data/manifest/read-manifest'
import { readManifestHead } from '@/lib/data/manifest/read-manifest-head'
import { type ReferrerSubject, readReferrers } from '@/lib/data/manifest/read-referrers'
import { explainImage } from '@/lib/data/policy/explain-image'
import { readNeighbours } from '@/lib/data/tags/read-neighbours'
import { parseDigest } from '@/lib/oci/digest'
import type { Place } from '@/lib/oci/place'
import { isTag, type Selector } from '@/lib/oci/reference'
import { UNREACHABLE } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { isOutageProblem } from '@/lib/problem/is-outage-problem'
import type { Problem } from '@/lib/problem/problem'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery, otherTab } from '@/lib/routes/manifest-page-query'
import { loadManifestParams } from '@/lib/routes/page-params'
import { Timely } from '../timely'
import { ManifestTab, ReferrersTab } from './manifest-tab'
import { PendingManifest } from './pending-manifest'

interface ManifestScreenProps {
  actor: Actor
  place: Place
  reference: Selector
  searchParams: Promise<SearchParams>
}

/** A manifest of any kind; of an index, the child that the URL's platform names. */
export async function ManifestScreen({ actor, place, reference, searchParams }: ManifestScreenProps) {
  const state = await loadManifestParams(searchParams)
  const breadcrumbs = <Breadcrumbs registry={place.registry} path={place.repository} selector={reference} />
  const head = attempt(() => readManifestHead(actor, place, reference), actor)
  return (
    <Timely
      reading={attempt(() => readManifestPage(actor, place, reference, state), actor)}
      decision={head}
      fallback={<PendingManifest head={head} place={place} reference={reference} breadcrumbs={breadcrumbs} />}
    >
      {(read) =>
        read.ok ? (
          <Manifest actor={actor} page={read.value} place={place} reference={reference} state={state} />
        ) : (
          <>
            {breadcrumbs}
            <h1 className="mb-4 text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
              <ManifestTitle place={place} selector={reference} />
            </h1>
            <Unread actor={actor} place={place} reference={reference} problem={read.problem} />
          </>
        )
      }
    </Timely>
  )
}

interface UnreadProps {
  actor: Actor
  place: Place
  reference: Selector
  problem: Problem
}

/** Why the manifest can't be read, and while its registry is down, what was last seen of it. */
async function Unread({ actor, place, reference, problem }: UnreadProps) {
  const seen = isOutageProblem(problem)
    ? await attempt(() => readLastSeenImage(actor, place, reference), actor)
    : undefined
  if (!seen?.ok || !seen.value)
    return (
      <>
        <ProblemNotice problem={problem} />
        <RetryButton {...place} />
      </>
    )
  const lastSeen = { at: seen.value.at, problem }
  return (
    <>
      <LastSeenNotice {...place} lastSeen={lastSeen} />
      <LastSeenImage image={seen.value} />
    </>
  )
}

interface ManifestProps extends Omit<ManifestScreenProps, 'searchParams'> {
  page: ManifestPage
  state: ManifestPageState
}

function Manifest({ actor, page, place, reference, state }: ManifestProps) {
  const subject = subjectOf(page)
  const referrers = state.tab === 'referrers' ? attempt(() => readReferrers(actor, place, subject), actor) : undefined
  const counts = referrers
    ? referrers.then((found) => (found.ok ? found.value.counts : undefined))
    : countReferrers(actor, place, subject).catch(() => undefined)
  const neighbours = isTag(reference)
    ? readNeighbours(actor, place, reference).catch(() => undefined)
    : Promise.resolve(undefined)
  const labels = pageLabels(page)
  const explanation = explainImage(actor, page, reference)
  const layers = shownManifest(page).steps.filter((step) => step.layer).length
  return (
    <Refuse why={page.lastSeen && UNREACHABLE}>
      <Breadcrumbs registry={place.registry} path={place.repository} selector={reference} />
      <ManifestHeader
        page={page}
        selector={reference}
        neighbours={neighbours}
        policy={
          explanation && (
            <Link
              href={manifestHref(place, reference, manifestPageQuery({ ...otherTab(state, 'labels'), view: 'policy' }))}
            >
              <FindingsBadge {...explanation} none="None applies" />
            </Link>
          )
        }
      />
      {page.lastSeen && (
        <LastSeenNotice
          {...place}
          lastSeen={page.lastSeen}
          mayChange={page.may.retag || page.may.delete || page.may.label}
        />
      )}
      {state.platform !== null && page.children.total > 0 && !page.selected && (
        <Notice
          tone="warn"
          className="mb-4"
          title={<SafeText text={`This image isn’t available for ${state.platform}`} />}
        >
          Choose one of its platforms. The tabs show the index itself.
        </Notice>
      )}
      <ManifestTabs
        place={{ ...place, selector: reference }}
        state={state}
        counts={{ labels: labels.length, layers }}
        referrers={counts}
        platforms={<PlatformSwitch page={page} selector={reference} state={state} />}
      >
        {referrers ? (
          <Suspense fallback={<Skeleton width={16} />}>
            <ReferrersTab place={{ ...place, selector: reference }} state={state} referrers={referrers} />
          </Suspense>
        ) : (
          <ManifestTab {...{ actor, place, page, labels, reference, state, counts, owners: explanation?.owners }} />
        )}
      </ManifestTabs>
    </Refuse>
  )
}

function subjectOf(page: ManifestPage): ReferrerSubject {
  const { parent } = page.relatives
  const child = selectedDigest(page)
  return {
    digest: parseDigest(page.manifest.digest),
    ...(child && { child }),
    ...(parent && { parent: parseDigest(parent.digest) }),
  }
}
