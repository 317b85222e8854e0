import type { SearchParams } from 'nuqs/server'
import { Suspense } from 'react'
import { ChildTable } from '@/components/manifest/child-table'
import { LabelTable } from '@/components/manifest/label-table'
import { LayerTable } from '@/components/manifest/layer-table'
import { ManifestHeader } from '@/components/manifest/manifest-header'
import { ManifestTabs } from '@/components/manifest/manifest-tabs'
import { Overview } from '@/components/manifest/overview'
import { PullCommands } from '@/components/manifest/pull-commands'
import { RawJson } from '@/components/manifest/raw-json'
import { Referrers } from '@/components/manifest/referrers'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { Notice } from '@/components/ui/notice'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { Skeleton } from '@/components/ui/skeleton'
import type { Actor } from '@/lib/access/actor'
import { countReferrers } from '@/lib/data/manifest/count-referrers'
import { type ManifestPage, readManifestPage, readRawManifest } from '@/lib/data/manifest/read-manifest'
import { type ReferrerSubject, type ReferrersView, readReferrers } from '@/lib/data/manifest/read-referrers'
import { pullCommands } from '@/lib/format/pull-commands'
import { isDigest, parseDigest } from '@/lib/oci/digest'
import { parseTagOrDigest, type RepositoryName, type TagOrDigest } from '@/lib/oci/reference'
import { type Attempt, attempt } from '@/lib/problem/attempt'
import { loadManifestParams, type ManifestTab } from '@/lib/routes/manifest-page'
import { orNotFound } from './or-not-found'

interface ManifestScreenProps {
  actor: Actor
  registry: string
  repository: RepositoryName
  reference: TagOrDigest
  searchParams: Promise<SearchParams>
}

/** A manifest of any kind; of an index the child that the URL's platform names. */
export async function ManifestScreen({ actor, registry, repository, reference, searchParams }: ManifestScreenProps) {
  const { tab, platform, index: from } = await loadManifestParams(searchParams)
  const index = isDigest(from) ? from : undefined
  const read = await orNotFound(readManifestPage(actor, registry, repository, reference, platform ?? undefined, index))
  const breadcrumbs = <Breadcrumbs registry={registry} path={repository} selector={reference} />
  if (!read.ok)
    return (
      <>
        {breadcrumbs}
        <h1 className="mb-4 text-xl font-semibold tracking-tight break-all">{reference}</h1>
        <ProblemNotice problem={read.problem} />
      </>
    )
  const page = read.value
  const subject = subjectOf(page)
  const referrers = tab === 'referrers' ? attempt(() => readReferrers(actor, registry, repository, subject)) : undefined
  const counts = referrers
    ? referrers.then((found) => (found.ok ? found.value.counts : undefined))
    : countReferrers(actor, registry, repository, subject).catch(() => undefined)
  return (
    <>
      {breadcrumbs}
      <ManifestHeader page={page} selector={reference} />
      <PullCommands
        groups={pullCommands({
          from: page.from,
          repository,
          selector: reference,
          digest: page.manifest.digest,
          artifact: page.manifest.artifact.kind,
        })}
      />
      {platform !== null && page.children.length > 0 && page.selected === undefined && (
        <Notice tone="warn" className="mb-4" title={<SafeText text={`This image isn’t available for ${platform}`} />}>
          Its platforms are listed below. The tabs show the index itself.
        </Notice>
      )}
      {page.children.length > 0 && <ChildTable page={page} selector={reference} tab={tab} />}
      <ManifestTabs
        page={page}
        selector={reference}
        tab={tab}
        platform={platform ?? undefined}
        index={page.relatives.parent?.digest}
        referrers={counts}
      >
        {referrers && (
          <Suspense fallback={<Skeleton width={16} />}>
            <ReferrersTab page={page} referrers={referrers} />
          </Suspense>
        )}
        {tab !== 'referrers' && (
          <TabContent actor={actor} page={page} reference={reference} tab={tab} isChildAsked={platform !== null} />
        )}
      </ManifestTabs>
    </>
  )
}

interface TabContentProps {
  actor: Actor
  page: ManifestPage
  reference: TagOrDigest
  tab: Exclude<ManifestTab, 'referrers'>
  /** The URL names a platform: then even the raw document is the child's, not the index's. */
  isChildAsked: boolean
}

async function TabContent({ actor, page, reference, tab, isChildAsked }: TabContentProps) {
  const selected = page.children.find(({ descriptor }) => descriptor.digest === page.selected)
  if (selected && !selected.child.ok && tab !== 'raw') return <ProblemNotice problem={selected.child.problem} />
  const shown = selected?.child.ok ? selected.child.value : page.manifest
  const repository = page.repository as RepositoryName
  switch (tab) {
    case 'overview':
      return <Overview manifest={shown} registry={page.registry} repository={repository} />
    case 'labels':
      return <LabelTable manifest={shown} index={selected ? page.manifest : undefined} entry={selected?.descriptor} />
    case 'layers':
      return <LayerTable manifest={shown} registry={page.registry} repository={repository} />
    case 'raw': {
      const raw = await attempt(() =>
        readRawManifest(
          actor,
          page.registry,
          repository,
          selected && isChildAsked ? parseTagOrDigest(selected.descriptor.digest) : reference,
        ),
      )
      return raw.ok ? (
        <RawJson raw={raw.value} registry={page.registry} repository={repository} />
      ) : (
        <ProblemNotice problem={raw.problem} />
      )
    }
  }
}

function subjectOf({ manifest, selected, relatives: { parent } }: ManifestPage): ReferrerSubject {
  return {
    digest: parseDigest(manifest.digest),
    ...(selected && { child: parseDigest(selected) }),
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
