import { Trash2 } from 'lucide-react'
import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { TrashFilter } from '@/components/trash/trash-filter'
import { TrashList } from '@/components/trash/trash-list'
import { buttonStyles } from '@/components/ui/button'
import { Empty } from '@/components/ui/empty'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHead } from '@/components/ui/page-head'
import { Pager } from '@/components/ui/pager'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { SafeText } from '@/components/ui/safe-text'
import { withheldRegistry } from '@/lib/access/authorize'
import { auditScopeOf } from '@/lib/data/audit/audit-scope'
import { maySetPolicies } from '@/lib/data/retention/policies'
import { readTrash } from '@/lib/data/trash/read-trash'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { retentionHref, trashHref } from '@/lib/routes/href'
import { loadTrashParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Trash' }

export default async function TrashPage({ searchParams }: PageProps) {
  const actor = await visitor()
  const { q, page } = loadTrashParams(await searchParams)
  const read = await attempt(() => readTrash(actor, page, q.trim()))
  return (
    <>
      <PageHead
        title="Trash"
        about="Manifests and tags that Lading deleted or overwrote, in repositories where you can restore. Their layers stay in the registry until it collects garbage, which can happen at any time."
      >
        {maySetPolicies(actor) && (
          <Link href={retentionHref()} className={buttonStyles()}>
            Retention policies
          </Link>
        )}
      </PageHead>
      <OwnTrashNotice registry={withheldRegistry(actor)} />
      {read.ok && (q !== '' || read.value.total > 0) && <TrashFilter q={q} />}
      {!read.ok ? (
        <ProblemNotice problem={read.problem} />
      ) : read.value.total === 0 && q !== '' ? (
        <Empty icon={Trash2} title="No matches">
          Nothing that can be restored has “<SafeText text={q} />” in its repository, tags, digest or user.
        </Empty>
      ) : read.value.total === 0 ? (
        <Empty icon={Trash2} title="Nothing to restore">
          What’s deleted or overwritten in Lading is kept here.
        </Empty>
      ) : (
        <TrashList items={read.value.items} mayAudit={auditScopeOf(actor) !== undefined} />
      )}
      {read.ok && (
        <Pager
          count={read.value.total}
          size={read.value.size}
          page={read.value.page}
          hrefOf={(to) => trashHref({ q, page: to })}
        />
      )}
    </>
  )
}

/** For people who signed in with their own account of a registry. */
function OwnTrashNotice({ registry }: { registry: string | undefined }) {
  if (registry === undefined) return null
  return (
    <Notice title={`From ${registry}, only what you deleted or overwrote is listed`} className="my-4">
      You signed in with your own account of {registry}, which may not be allowed to see what others deleted there.
    </Notice>
  )
}
