'use client'

import { afterLoad } from '@/components/ui/after-load'

export const UndoEntry = afterLoad(() => import('./undo-entry').then((module) => module.UndoEntry))
