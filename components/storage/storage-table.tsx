import { ArrowDown, ArrowUp } from 'lucide-react'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { type Column, Table } from '@/components/ui/table'
import type { StoragePage } from '@/lib/data/storage/read-storage'
import type { StorageEntry } from '@/lib/data/storage/storage-entries'
import { storageHref } from '@/lib/routes/href'
import { type StoragePageState, type StorageSort, storagePageQuery } from '@/lib/routes/storage-page-query'
import { FREES, SHARE, TOTAL } from './share-columns'
import { storagePlaceHref } from './storage-place-href'

interface StorageTableProps {
  page: StoragePage
  state: StoragePageState
}

/** What is directly in a place: how much each part holds, and what deleting it would free. */
export function StorageTable({ page, state }: StorageTableProps) {
  return (
    <Table
      name="storage"
      caption={`Storage of ${page.path ? `${page.registry}/${page.path}` : page.registry}`}
      columns={columnsOf(page, state)}
      rows={page.entries}
      rowKey={({ place }) => place}
      footer={
        <p className="border-t px-3 py-2.5 text-xs text-muted">
          Totals overlap where layers are shared, so they don’t add up.
        </p>
      }
    />
  )
}

function columnsOf({ registry }: StoragePage, state: StoragePageState): readonly Column<StorageEntry>[] {
  const head = (sort: StorageSort, text: string) => <SortLink state={state} sort={sort} text={text} />
  const sorted = (sort: StorageSort) =>
    state.sort === sort ? (sort === 'name' ? 'ascending' : 'descending') : undefined
  return [
    {
      id: 'name',
      role: 'name',
      head: head('name', 'Name'),
      sorted: sorted('name'),
      cell: ({ name, place }) => (
        <Link
          href={storagePlaceHref(registry, place, state)}
          className="inline-flex items-center gap-2 font-medium [overflow-wrap:anywhere]"
        >
          <Icon name={place.endsWith('/') ? 'folder' : 'box'} className="text-faint" />
          {name}
        </Link>
      ),
    },
    { ...TOTAL, head: head('total', TOTAL.head), sorted: sorted('total') },
    SHARE,
    { ...FREES, head: head('frees', FREES.head), sorted: sorted('frees') },
  ]
}

function SortLink({ state, sort, text }: { state: StoragePageState; sort: StorageSort; text: string }) {
  const Arrow = sort === 'name' ? ArrowUp : ArrowDown
  return (
    <Link
      href={storageHref(storagePageQuery({ ...state, sort, page: 1 }))}
      scroll={false}
      className="inline-flex h-7 items-center gap-0.5 underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink"
    >
      {text}
      {state.sort === sort && <Arrow aria-hidden className="size-3" />}
    </Link>
  )
}
