'use client'

import { ListChecks } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'

const CheckDialog = dynamic(() => import('./check-dialog').then((module) => module.CheckDialog), { ssr: false })

export interface CheckTarget {
  readonly registry: string
  readonly repository: string
  readonly selector: string
  readonly digest: string
}

/** Asks whether all that a manifest needs is there. */
export function CheckButton({ target }: { target: CheckTarget }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <ListChecks aria-hidden />
        Check
      </Button>
      {open && <CheckDialog target={target} onClose={() => setOpen(false)} />}
    </>
  )
}
