'use client'

import { afterLoad } from '@/components/ui/after-load'

export const DeleteLabel = afterLoad(() => import('./delete-label').then((module) => module.DeleteLabel))
