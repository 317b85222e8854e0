import 'server-only'
import type { Readable } from 'node:stream'
import { currentPerson } from '../../access/sessions/session.ts'
import { processWide } from '../../config/process-wide.ts'
import { DownloadSlots } from '../../jobs/download-slots.ts'

/** Opens a download of the current request, in one of its sender's slots. @throws JobError `downloads` */
export async function inDownloadSlot<T extends { readonly stream: Readable }>(open: () => Promise<T>): Promise<T> {
  return processWide('download-slots', () => new DownloadSlots()).hold(await currentPerson(), open)
}
