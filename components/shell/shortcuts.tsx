'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useShortcut } from '@/components/ui/use-shortcut'

const ShortcutHelp = dynamic(() => import('./shortcut-help').then((module) => module.ShortcutHelp), { ssr: false })

/** `?` lists the shortcuts. */
export function Shortcuts() {
  const [open, setOpen] = useState(false)
  useShortcut('?', () => setOpen(true))
  return open && <ShortcutHelp onClose={() => setOpen(false)} />
}
