'use client'

import { afterLoad } from '@/components/ui/after-load'

export const ReferenceInput = afterLoad(() => import('./reference-input').then((module) => module.ReferenceInput))
