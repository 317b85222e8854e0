import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ManifestScreen } from '@/app/(shell)/r/manifest-screen'
import { PathScreen } from '@/app/(shell)/r/path-screen'
import { RootScreen } from '@/app/(shell)/r/root-screen'
import type { PageProps } from '@/app/page-props'
import { visitor } from '@/lib/data/visitor'
import { decode, parseRegistryPath } from '@/lib/routes/registry-path'

type Props = PageProps<{ registry: string; path?: string[] }>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { registry, path = [] } = await params
  return { title: decode([registry, ...path].join('/')) ?? 'Not found' }
}

export default async function RegistryPage({ params, searchParams }: Props) {
  const { registry: encoded, path: segments = [] } = await params
  const registry = decode(encoded)
  const path = parseRegistryPath(segments)
  if (!registry || !path) notFound()
  const actor = await visitor()
  switch (path.kind) {
    case 'root':
      return <RootScreen actor={actor} registry={registry} searchParams={searchParams} />
    case 'path':
      return <PathScreen actor={actor} place={{ registry, repository: path.path }} searchParams={searchParams} />
    case 'tag':
      return (
        <ManifestScreen
          actor={actor}
          place={{ registry, repository: path.repository }}
          reference={path.tag}
          searchParams={searchParams}
        />
      )
    case 'digest':
      return (
        <ManifestScreen
          actor={actor}
          place={{ registry, repository: path.repository }}
          reference={path.digest}
          searchParams={searchParams}
        />
      )
  }
}
