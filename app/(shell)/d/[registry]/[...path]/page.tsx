import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { BlobScreen } from '@/app/(shell)/d/blob-screen'
import { orNotFound } from '@/app/(shell)/r/or-not-found'
import { Breadcrumbs } from '@/components/registry/breadcrumbs'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { lookUpDigest } from '@/lib/data/manifest/read-blob'
import { visitor } from '@/lib/data/visitor'
import { isDigest } from '@/lib/oci/digest'
import { isTag } from '@/lib/oci/reference'
import { manifestHref } from '@/lib/routes/href'
import { loadBlobParams } from '@/lib/routes/manifest-page'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

type Props = PageProps<'/d/[registry]/[...path]'>

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
  const found = await orNotFound(
    lookUpDigest(actor, { registry, repository: path.repository }, path.digest, { from: origin }),
  )
  if (!found.ok)
    return (
      <>
        <Breadcrumbs registry={registry} path={path.repository} selector={path.digest} />
        <h1 className="mb-4 text-xl font-semibold tracking-tight break-all">{path.digest}</h1>
        <ProblemNotice problem={found.problem} />
      </>
    )
  if (found.value.kind === 'manifest') redirect(manifestHref(registry, path.repository, path.digest))
  return (
    <BlobScreen registry={registry} repository={path.repository} digest={path.digest} blob={found.value} page={page} />
  )
}
