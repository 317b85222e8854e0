'use client'

import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'
import type { CheckTarget } from './check-target'

const CheckDialog = onDemand(() => import('./check-dialog').then((module) => module.CheckDialog))

/** Checks whether everything that a manifest needs is there. */
export function CheckButton({ target }: { target: CheckTarget }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <ShieldCheck aria-hidden />
        Check
      </Button>
      {open && <CheckDialog target={target} onClose={() => setOpen(false)} />}
    </>
  )
}
