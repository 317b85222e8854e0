'use client'

import { afterLoad } from '@/components/ui/after-load'

export const CleanUpUntagged = afterLoad(() =>
  import('../plan/clean-up-untagged').then((module) => module.CleanUpUntagged),
)
export const DeleteRepository = afterLoad(() =>
  import('../plan/delete-repository').then((module) => module.DeleteRepository),
)
