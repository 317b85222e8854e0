'use client'

import { Ellipsis } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { ChangeTarget } from '@/components/change/change-target'
import { Button } from '@/components/ui/button'

const TagMenuContent = dynamic(() => import('./tag-menu-content').then((module) => module.TagMenuContent), {
  ssr: false,
})

/** What can be done with a tag. The menu itself is loaded when it is first opened. */
export function TagMenu({ target }: { target: ChangeTarget }) {
  const [used, setUsed] = useState(false)
  if (used) return <TagMenuContent target={target} />
  return (
    <Button
      variant="ghost"
      size="icon-sm"
      aria-label={`Actions for ${target.selector}`}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setUsed(true)}
    >
      <Ellipsis aria-hidden />
    </Button>
  )
}
