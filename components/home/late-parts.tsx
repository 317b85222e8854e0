'use client'

import { afterLoad } from '@/components/ui/after-load'

export const SyncLine = afterLoad(() => import('../sync/sync-line').then((module) => module.SyncLine))

export const JobRow = afterLoad(() => import('../jobs/job-row').then((module) => module.JobRow))
