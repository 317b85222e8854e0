import { Trash2 } from 'lucide-react'
import type { Metadata } from 'next'
import { TrashList } from '@/components/trash/trash-list'
import { Empty } from '@/components/ui/empty'
import { Pager } from '@/components/ui/pager'
import { readTrash, TRASH_PAGE } from '@/lib/data/trash/read-trash'
import { visitor } from '@/lib/data/visitor'
import { trashHref } from '@/lib/routes/href'
import { loadTrashParams } from '@/lib/routes/trash-page'

export const metadata: Metadata = { title: 'Trash' }

export default async function TrashPage({ searchParams }: PageProps<'/trash'>) {
  const actor = await visitor()
  const { page } = loadTrashParams(await searchParams)
  const trash = await readTrash(actor, Math.max(1, page))
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Trash</h1>
      <p className="mb-4 text-sm text-muted">
        Manifests and tags that Lading deleted or overwrote, in repositories where you may restore. Their layers stay in
        the registry until it collects garbage, which can happen at any time.
      </p>
      {trash.total === 0 ? (
        <Empty icon={Trash2} title="Nothing to restore">
          What’s deleted or overwritten in Lading is kept here.
        </Empty>
      ) : (
        <TrashList items={trash.items} />
      )}
      <Pager count={trash.total} size={TRASH_PAGE} page={Math.max(1, page)} hrefOf={(to) => trashHref(to)} />
    </>
  )
}
