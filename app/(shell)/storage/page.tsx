import { HardDrive } from 'lucide-react'
import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { RecordsNotice } from '@/components/shell/records-notice'
import { LayerTable } from '@/components/storage/layer-table'
import { StorageHeading } from '@/components/storage/storage-heading'
import { StorageMap } from '@/components/storage/storage-map'
import { StorageNumbers } from '@/components/storage/storage-numbers'
import { storagePlaceHref } from '@/components/storage/storage-place-href'
import { StorageTable } from '@/components/storage/storage-table'
import { StorageTitle } from '@/components/storage/storage-title'
import { buttonStyles } from '@/components/ui/button'
import { Empty } from '@/components/ui/empty'
import { FocusTrail } from '@/components/ui/focus-trail'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { Pager } from '@/components/ui/pager'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { Skeleton } from '@/components/ui/skeleton'
import { withheldRegistry } from '@/lib/access/authorize'
import { readStorage, type StoragePage } from '@/lib/data/storage/read-storage'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { registryHref, storageHref } from '@/lib/routes/href'
import { loadStorageParams } from '@/lib/routes/page-params'
import { type StoragePageState, storagePageQuery } from '@/lib/routes/storage-page-query'
import { Timely } from '../timely'

export const metadata: Metadata = { title: 'Storage' }

export default async function StorageScreen({ searchParams }: PageProps) {
  const state = await loadStorageParams(searchParams)
  const actor = await visitor()
  const withheld = withheldRegistry(actor)
  if (withheld !== undefined && state.registry === withheld) return <Withheld registry={withheld} />
  return (
    <>
      <RecordsNotice registry={withheld} />
      <Timely reading={attempt(() => readStorage(actor, state), actor)} fallback={<Pending />}>
        {(read) =>
          read.ok ? (
            read.value ? (
              <Storage page={read.value} state={state} />
            ) : (
              <Empty icon={HardDrive} title="You don’t have access to any registries" />
            )
          ) : (
            <>
              <PageHead title="Storage" />
              <ProblemNotice problem={read.problem} />
            </>
          )
        }
      </Timely>
    </>
  )
}

/** Of the registry whose account the visitor signed in with. */
function Withheld({ registry }: { registry: string }) {
  return (
    <>
      <PageHead title={`Storage of ${registry}`} />
      <Empty icon={HardDrive} title={`${registry} has no storage page for your account`}>
        <p>
          You signed in with your own account of {registry}, so Lading records nothing about it for you. Sums of what
          its own credentials see could include repositories that your account may not know of.
        </p>
        <Link href={registryHref(registry)} className={buttonStyles({ className: 'mt-4' })}>
          Back to {registry}
        </Link>
      </Empty>
    </>
  )
}

function Pending() {
  return (
    <>
      <PageHead
        title="Storage"
        about={<p role="status">Adding up all layers. This takes a few seconds in a large registry.</p>}
      />
      <Skeleton size="block" />
    </>
  )
}

function Storage({ page, state }: { page: StoragePage; state: StoragePageState }) {
  const { registry, path, place } = page
  const name = path ? `${registry}/${path}` : registry
  return (
    <>
      <StorageTitle page={page} state={state} />
      {place.blobs === 0 ? (
        <Empty icon={HardDrive} title={`Nothing in ${name} has been read yet`}>
          Sizes appear once a sync or a visit reads its images.
        </Empty>
      ) : (
        <>
          <StorageNumbers page={page} />
          <section aria-labelledby="where" className="my-6">
            <StorageHeading id="where" title="Where the space is">
              Each area is what deleting that part would free. Together they add up to{' '}
              {path ? 'all that deleting it frees' : 'the total'}. Hatched: shared by several parts.
            </StorageHeading>
            <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(29rem,2fr)] xl:items-start">
              <div className="@container rounded-xl border bg-surface p-1.5 shadow-xs">
                <FocusTrail at={name}>
                  <StorageMap
                    areas={page.map}
                    name={`Map of ${name}. The table has the same numbers.`}
                    hrefOf={(at) => storagePlaceHref(registry, at, state)}
                  />
                </FocusTrail>
              </div>
              <div className="min-w-0">
                <StorageTable page={page} state={state} />
                <Pager
                  count={page.matching}
                  size={page.size}
                  page={page.page}
                  hrefOf={(to) => storageHref(storagePageQuery({ ...state, page: to }))}
                />
              </div>
            </div>
          </section>
          {path === '' && (
            <section aria-labelledby="layers">
              <StorageHeading id="layers" title="Largest layers">
                Each counts once, however many images use it.
              </StorageHeading>
              <LayerTable registry={registry} layers={page.layers} />
            </section>
          )}
        </>
      )}
    </>
  )
}
