'use client'

import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { useShortcut } from '@/components/ui/use-shortcut'

const ShortcutHelp = onDemand(() => import('./shortcut-help').then((module) => module.ShortcutHelp))

/** `?` lists the shortcuts. */
export function Shortcuts() {
  const [open, setOpen] = useState(false)
  useShortcut('?', () => setOpen(true))
  return open && <ShortcutHelp onClose={() => setOpen(false)} />
}
