'use client'

import { useEffect, useState } from 'react'
import { onDemand } from './on-demand'
import { onToastWanted } from './toast'

const Toaster = onDemand(() => import('./toaster').then((module) => module.Toaster))

/** Where toasts appear; their code loads with the first one. */
export function ToastHost() {
  const [isWanted, setWanted] = useState(false)
  useEffect(() => onToastWanted(() => setWanted(true)), [])
  return isWanted && <Toaster />
}
