import { KeyRound } from 'lucide-react'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NewTokenForm } from '@/components/settings/new-token-form'
import { TokenList } from '@/components/settings/token-list'
import { Empty } from '@/components/ui/empty'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listTokens } from '@/lib/data/settings/tokens'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { signInHref, tokensHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Access tokens' }

export default async function TokensPage() {
  const actor = await visitor()
  if (actor.kind === 'anonymous') redirect(signInHref(tokensHref))
  const tokens = await attempt(() => listTokens(actor), actor)
  return (
    <>
      <PageHead
        title="Access tokens"
        about={
          <p>
            For scripts. A token never allows more than you can do yourself, and can’t change images or tags. Send it
            with requests to addresses under /api as{' '}
            <code className="font-mono text-xs whitespace-nowrap">Authorization: Bearer lading_pat_…</code>
          </p>
        }
      />
      <div className="space-y-6">
        {!tokens.ok ? (
          <ProblemNotice problem={tokens.problem} />
        ) : tokens.value.length === 0 ? (
          <Empty icon={KeyRound} title="No tokens yet">
            Create one below.
          </Empty>
        ) : (
          <TokenList tokens={tokens.value} now={Date.now()} />
        )}
        {!actor.account && <NewTokenForm />}
      </div>
    </>
  )
}
