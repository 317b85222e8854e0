import { AsyncLocalStorage } from 'node:async_hooks'
import { processWide } from '../config/process-wide.ts'
import type { AuditSource } from './audit-entry.ts'

/** Where the work in progress comes from: the request or the job that asked for it. */
export type WorkSource = Pick<AuditSource, 'address' | 'request' | 'job'>

export function withSource<T>(source: WorkSource, work: () => T): T {
  return storage().run(source, work)
}

export function currentSource(): WorkSource {
  return storage().getStore() ?? {}
}

function storage(): AsyncLocalStorage<WorkSource> {
  return processWide('audit-source', () => new AsyncLocalStorage<WorkSource>())
}
