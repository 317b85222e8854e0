import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { AccessForm } from '@/components/access/access-form'
import { BindingRules } from '@/components/access/binding-rules'
import { GrantList } from '@/components/access/grant-list'
import { RightTable } from '@/components/access/right-table'
import { Notice } from '@/components/ui/notice'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readAccess } from '@/lib/data/access/read-access'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { loadAccessParams } from '@/lib/routes/page-params'

export const metadata: Metadata = { title: 'Access' }

export default async function AccessPage({ searchParams }: PageProps) {
  const actor = await visitor()
  const query = loadAccessParams(await searchParams)
  const found = await attempt(() => readAccess(actor, query), actor)
  if (!found.ok) return <ProblemNotice problem={found.problem} />
  const view = found.value
  const place = query.repository.trim()
  return (
    <>
      <PageHead
        title={view.isSelf ? 'What you may do' : `What ${view.kind === 'group' ? 'the group ' : ''}${view.name} may do`}
        about="Roles and grants are in the configuration; grants only ever add rights. This page only reads them, and doesn’t say whether a repository exists."
      />
      <AccessForm view={view} query={query} />
      {!view.isKnown && (
        <Notice className="mb-4 max-w-3xl">
          {view.kind === 'group' ? 'No user or grant names this group.' : 'Nobody with this name has signed in.'} Below
          is what grants to this name would allow.
        </Notice>
      )}
      <GrantList view={view} hasPlace={place !== '' && !view.mistake} />
      <RightTable rows={view.rights} role={view.role} />
      {place !== '' && !view.mistake && <BindingRules rules={view.protection} tag={query.tag.trim()} />}
    </>
  )
}
