'use client'

import { afterLoad } from '@/components/ui/after-load'

export const TreePanel = afterLoad(() => import('../tree/tree-panel').then((module) => module.TreePanel))

export const SyncFoot = afterLoad(() => import('../sync/sync-foot').then((module) => module.SyncFoot))

export const JobsLink = afterLoad(() => import('../jobs/jobs-link').then((module) => module.JobsLink))
