'use client'

import { RotateCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { listAgain } from '@/lib/query/list-again'
import { Button } from './button'

/** Has the registry asked again for what it lists, or for one repository's tags. The page then says what came of it. */
export function RefreshButton({ registry, repository }: { registry: string; repository?: string }) {
  const router = useRouter()
  const [busy, startTransition] = useTransition()
  const refresh = () =>
    startTransition(async () => {
      await listAgain(registry, repository)
      router.refresh()
    })
  return (
    <Button variant="ghost" size="icon-sm" aria-label="List again" title="List again" disabled={busy} onClick={refresh}>
      <RotateCw aria-hidden className={busy ? 'animate-spin' : undefined} />
    </Button>
  )
}
