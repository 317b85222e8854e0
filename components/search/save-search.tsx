'use client'

import { Bookmark } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'

const SaveSearchDialog = onDemand(() => import('./save-search-dialog').then((module) => module.SaveSearchDialog))

/** Keeps the page's query under a name. */
export function SaveSearch({ href, suggested }: { href: string; suggested: string }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button variant="primary" onClick={() => setIsOpen(true)}>
        <Bookmark aria-hidden />
        Save search
      </Button>
      {isOpen && <SaveSearchDialog href={href} suggested={suggested} onClose={() => setIsOpen(false)} />}
    </>
  )
}
