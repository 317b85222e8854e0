import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { BlobScreen } from '@/app/(shell)/d/blob-screen'
import { PendingScreen } from '@/app/(shell)/pending-screen'
import { Timely } from '@/app/(shell)/timely'
import type { PageProps } from '@/app/page-props'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { lookUpDigest } from '@/lib/data/manifest/read-blob'
import { visitor } from '@/lib/data/visitor'
import { isDigest } from '@/lib/oci/digest'
import { isTag } from '@/lib/oci/reference'
import { attempt } from '@/lib/problem/attempt'
import { manifestHref } from '@/lib/routes/href'
import { loadBlobParams } from '@/lib/routes/page-params'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

type Props = PageProps<{ registry: string; path: string[] }>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { registry, path } = await params
  return { title: decode([registry, ...path].join('/')) ?? 'Not found' }
}

/** A digest that may be a manifest's or a blob's: manifests have a page of their own, blobs are shown here. */
export default async function DigestPage({ params, searchParams }: Props) {
  const { registry: encoded, path: segments } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || path?.kind !== 'digest') notFound()
  const actor = await visitor()
  const { from, page } = await loadBlobParams(searchParams)
  const origin = isTag(from) || isDigest(from) ? from : undefined
  const { repository, digest } = path
  const place = { registry, repository }
  const breadcrumbs = <Breadcrumbs registry={registry} path={repository} selector={digest} />
  return (
    <Timely
      reading={attempt(() => lookUpDigest(actor, place, digest, { from: origin }), actor)}
      fallback={<PendingScreen title={digest} breadcrumbs={breadcrumbs} />}
    >
      {(found) => {
        if (!found.ok)
          return (
            <>
              {breadcrumbs}
              <h1 className="mb-4 text-xl font-semibold tracking-tight break-all">{digest}</h1>
              <ProblemNotice problem={found.problem} />
            </>
          )
        if (found.value.kind === 'manifest') redirect(manifestHref(place, digest))
        return <BlobScreen place={place} digest={digest} blob={found.value} page={page} />
      }}
    </Timely>
  )
}
