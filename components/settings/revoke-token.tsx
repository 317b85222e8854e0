'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useMutation } from '@/lib/query/hooks'
import { revokeTokenMutation } from '@/lib/query/tokens'
import { problemFrom } from '@/lib/query/unwrap'

/** Asks for confirmation: whatever uses the token stops working at once. */
export function RevokeToken({ id, name }: { id: string; name: string }) {
  const [asked, setAsked] = useState(false)
  const revoke = useMutation(revokeTokenMutation())
  if (!asked)
    return (
      <Button size="sm" aria-label={`Revoke ${name}`} onClick={() => setAsked(true)}>
        Revoke
      </Button>
    )
  return (
    <div className="flex flex-wrap items-center gap-2">
      {revoke.error && <ProblemNotice role="alert" problem={problemFrom(revoke.error)} />}
      <Button size="sm" onClick={() => setAsked(false)} autoFocus>
        Keep
      </Button>
      <Button size="sm" variant="danger" wraps disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>
        Revoke {name}
      </Button>
    </div>
  )
}
