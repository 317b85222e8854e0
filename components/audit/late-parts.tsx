'use client'

import { afterLoad } from '@/components/ui/after-load'

export const VerifiedState = afterLoad(() => import('./verified-state').then((module) => module.VerifiedState))
