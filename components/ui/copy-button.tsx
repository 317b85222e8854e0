'use client'

import { Check, Copy, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { copyText } from './copy-text'

const RESET_AFTER = 1600

/** Copies `text` and announces it to screen readers. Works on plain http too. */
interface CopyButtonProps {
  text: string
  label: string
  size?: 'icon-sm' | 'icon-xs'
  /** Its name in the palette, if offered there. */
  action?: string | undefined
}

export function CopyButton({ text, label, size = 'icon-sm', action }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), RESET_AFTER)
    return () => clearTimeout(timer)
  }, [state])
  const Icon = state === 'copied' ? Check : state === 'failed' ? X : Copy
  return (
    <Button
      variant="ghost"
      size={size}
      aria-label={label}
      title={label}
      data-palette={action}
      onClick={async () => setState((await copyText(text)) ? 'copied' : 'failed')}
    >
      <Icon aria-hidden className={state === 'copied' ? 'text-good' : state === 'failed' ? 'text-danger' : undefined} />
      <span role="status" className="sr-only">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Copying failed' : ''}
      </span>
    </Button>
  )
}
