'use client'

import { Pin, PinOff } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { showToast } from '@/components/ui/toast'
import type { Place } from '@/lib/oci/place'
import { useMutation } from '@/lib/query/hooks'
import { pinMutation } from '@/lib/query/pins'
import { problemFrom } from '@/lib/query/unwrap'

/** Pins a repository to the user's home page. */
export function PinButton({ place: { registry, repository }, pinned }: { place: Place; pinned: boolean }) {
  const router = useRouter()
  const pin = useMutation({
    ...pinMutation(),
    onSuccess: ({ isFull }) => {
      if (isFull)
        showToast({ tone: 'danger', title: 'You have the maximum number of pinned repositories. Unpin one first.' })
      router.refresh()
    },
    onError: (error) => {
      const { title, detail } = problemFrom(error)
      showToast({ tone: 'danger', title, description: detail })
    },
  })
  const Icon = pinned ? PinOff : Pin
  const label = pinned ? `Unpin ${repository}` : `Pin ${repository} to home`
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={label}
      title={label}
      data-palette={label}
      aria-pressed={pinned}
      disabled={pin.isPending}
      onClick={() => pin.mutate({ registry, repository, pinned: !pinned })}
    >
      <Icon aria-hidden />
    </Button>
  )
}
