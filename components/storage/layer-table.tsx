import { Fragment } from 'react'
import { Badge } from '@/components/ui/badge'
import { Breakable } from '@/components/ui/breakable'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { type Column, Table } from '@/components/ui/table'
import type { StoragePage } from '@/lib/data/storage/read-storage'
import { formatCount, plural } from '@/lib/format/bytes'
import { digestHref, repositoryHref } from '@/lib/routes/href'

type StoredLayer = StoragePage['layers'][number]

/** The largest layers, and which repositories need them. */
export function LayerTable({ registry, layers }: { registry: string; layers: readonly StoredLayer[] }) {
  return (
    <Table
      name="large-layers"
      caption="Largest layers"
      columns={columnsOf(registry)}
      rows={layers}
      rowKey={({ digest }) => digest}
      isText
    />
  )
}

function columnsOf(registry: string): readonly Column<StoredLayer>[] {
  return [
    {
      id: 'layer',
      role: 'name',
      head: 'Layer',
      cell: ({ digest, names }) => (
        <Digest
          digest={digest}
          href={names[0] && digestHref({ registry, repository: names[0] }, digest)}
          copy={false}
          swatch
        />
      ),
    },
    {
      id: 'size',
      width: 6,
      align: 'end',
      head: 'Size',
      cell: ({ size }) => <Bytes bytes={size} className="tabular" />,
    },
    {
      id: 'images',
      width: 6,
      align: 'end',
      stacked: 'images',
      head: 'Images',
      cell: ({ images }) => <span className="tabular">{formatCount(images)}</span>,
    },
    {
      id: 'users',
      width: 22,
      priority: 1,
      stacked: 'used by',
      head: 'Used by',
      cell: ({ names, repositories }) => (
        <span className="leading-6">
          {names.map((name) => (
            <Fragment key={name}>
              <Link href={repositoryHref({ registry, repository: name }, { view: 'storage' })}>
                <Badge className="text-xs hover:text-accent" wrap>
                  <Breakable text={name} />
                </Badge>
              </Link>{' '}
            </Fragment>
          ))}
          {repositories > names.length && (
            <span className="text-xs text-muted">and {formatCount(repositories - names.length)} more</span>
          )}
        </span>
      ),
    },
    {
      id: 'goes',
      width: 14,
      priority: 2,
      stacked: 'freed when',
      head: 'Freed when',
      cell: ({ images, repositories }) => (
        <span className="text-muted">
          {repositories > 1
            ? `${repositories === 2 ? 'both' : `all ${formatCount(repositories)}`} repositories stop using it`
            : images === 1
              ? 'this image is deleted'
              : `these ${plural(images, 'image')} are deleted`}
        </span>
      ),
    },
  ]
}
