'use client'

import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { listAgain } from '@/lib/query/list-again'

/** Retries a failed registry at once: for its repositories, or for one repository's tags. */
export function RetryButton({ registry, repository }: { registry: string; repository?: string | undefined }) {
  const router = useRouter()
  const [isBusy, startTransition] = useTransition()
  const retry = () =>
    startTransition(async () => {
      await listAgain(registry, repository)
      router.refresh()
    })
  return (
    <Button disabled={isBusy} onClick={retry} className="mt-2">
      {isBusy ? 'Retrying…' : 'Retry'}
    </Button>
  )
}
