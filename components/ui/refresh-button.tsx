'use client'

import { useMutation } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { refreshMutation } from '@/lib/query/repositories'
import { Button } from './button'

/** Has the registry asked again for what it lists, or for one repository's tags. */
export function RefreshButton({ registry, repository }: { registry: string; repository?: string }) {
  const router = useRouter()
  const [reloading, startTransition] = useTransition()
  const { mutate, isPending } = useMutation({
    ...refreshMutation(registry, repository),
    onSettled: () => startTransition(() => router.refresh()),
  })
  const busy = isPending || reloading
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label="List again"
      title="List again"
      disabled={busy}
      onClick={() => mutate()}
    >
      <RotateCw aria-hidden className={busy ? 'animate-spin' : undefined} />
    </Button>
  )
}
