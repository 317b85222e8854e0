import { KeyRound } from 'lucide-react'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NewTokenForm } from '@/components/settings/new-token-form'
import { TokenList } from '@/components/settings/token-list'
import { Empty } from '@/components/ui/empty'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { listTokens } from '@/lib/data/settings/tokens'
import { visitor } from '@/lib/data/visitor'
import { attempt } from '@/lib/problem/attempt'
import { signInHref, tokensHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Access tokens' }

export default async function TokensPage() {
  const actor = await visitor()
  if (actor.kind === 'anonymous') redirect(signInHref(tokensHref))
  const tokens = await attempt(() => listTokens(actor))
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Access tokens</h1>
      <p className="mt-1 mb-5 max-w-2xl text-sm text-muted">
        For scripts that read from Lading. A token never allows more than you may do yourself at the time, and changes
        nothing. Send it with requests to addresses under /api as{' '}
        <code className="font-mono text-xs">Authorization: Bearer lading_pat_…</code>
      </p>
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
        <NewTokenForm />
      </div>
    </>
  )
}
