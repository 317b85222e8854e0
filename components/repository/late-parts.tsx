'use client'

import { afterLoad } from '@/components/ui/after-load'

export const PinButton = afterLoad(() => import('./pin-button').then((module) => module.PinButton))

export const CopyButton = afterLoad(() => import('../ui/copy-button').then((module) => module.CopyButton))
