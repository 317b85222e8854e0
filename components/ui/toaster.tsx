'use client'

import { Toast } from '@base-ui/react/toast'
import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useEffect } from 'react'
import { buttonStyles } from './button'
import { listenToToasts, type ToastMessage } from './toast'

/** Long enough to read it and to reach Undo; Base UI stops the clock under the pointer and the focus. */
const TIMEOUT = 12_000
/** Errors take longer to read. */
const FAILURE_TIMEOUT = 40_000

/** The stack of outcomes. F6 leads to it. */
export function Toaster() {
  return (
    <Toast.Provider timeout={TIMEOUT}>
      <Listener />
      <Toast.Portal>
        <Toast.Viewport className="fixed right-4 bottom-4 z-60 flex w-[min(26rem,calc(100vw-2rem))] flex-col gap-2 outline-none">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function Listener() {
  const { add, close } = Toast.useToastManager()
  useEffect(
    () =>
      listenToToasts(({ title, description, tone, action }: ToastMessage) => {
        const id = add({
          title,
          description,
          type: tone,
          ...(tone === 'danger' && { timeout: FAILURE_TIMEOUT }),
          priority: tone === 'danger' ? 'high' : 'low',
          ...(action && {
            actionProps: {
              children: action.label,
              onClick: () => {
                close(id)
                action.run()
              },
            },
          }),
        })
      }),
    [add, close],
  )
  return null
}

function List() {
  return Toast.useToastManager().toasts.map((toast) => {
    const Icon = toast.type === 'danger' ? CircleAlert : CircleCheck
    return (
      <Toast.Root
        key={toast.id}
        toast={toast}
        className="rounded-lg border bg-raised text-ink shadow-(--shadow) transition duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0"
      >
        <Toast.Content className="flex items-start gap-2.5 px-3.5 py-3 text-sm">
          <Icon
            aria-hidden
            className={toast.type === 'danger' ? 'mt-0.5 size-4 text-danger' : 'mt-0.5 size-4 text-good'}
          />
          <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <Toast.Title className="font-medium" />
            <Toast.Description className="text-muted" />
          </div>
          {toast.actionProps && <Toast.Action className={buttonStyles({ size: 'sm' })} />}
          <Toast.Close
            aria-label="Dismiss"
            className={buttonStyles({ variant: 'ghost', size: 'icon-xs', className: 'my-0' })}
          >
            <X aria-hidden />
          </Toast.Close>
        </Toast.Content>
      </Toast.Root>
    )
  })
}
