'use client'

import type { ComponentProps } from 'react'
import { Button } from './button'
import { Dialog, DialogBody, DialogFooter } from './dialog'

interface FormDialogProps extends Pick<ComponentProps<typeof Dialog>, 'onClose' | 'title' | 'description' | 'width'> {
  /** The button that commits, and what it says meanwhile. */
  action: string
  pending?: string
  /** Whether the form can be sent. */
  isReady: boolean
  isPending: boolean
  onSubmit: () => void
  /** The fields. */
  children: React.ReactNode
}

/** A dialog that asks for a few values and sends them, with the button or with Enter. */
export function FormDialog(props: FormDialogProps) {
  const { action, pending = action, isReady, isPending, onSubmit, children, ...dialog } = props
  const canSubmit = isReady && !isPending
  return (
    <Dialog open {...dialog}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (canSubmit) onSubmit()
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogFooter>
          <Button onClick={dialog.onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!canSubmit}>
            {isPending ? pending : action}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}
