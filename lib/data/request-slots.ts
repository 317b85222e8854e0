import 'server-only'
import { addAbortSignal, type Readable } from 'node:stream'
import { quotaKey } from '../access/quota-key.ts'
import type { Sender } from '../access/sessions/request-sender.ts'
import { watchRights } from '../access/sessions/rights-watch.ts'
import { currentAddress } from '../access/sessions/session.ts'
import { processWide } from '../config/process-wide.ts'
import { TransferSlots } from '../jobs/transfer-slots.ts'

/**
 * Opens a download of the current request, in one of its sender's slots. It breaks off when the sender's rights end.
 * @throws JobError `downloads`
 */
export async function inDownloadSlot<T extends { readonly stream: Readable }>(
  sender: Sender,
  open: () => Promise<T>,
): Promise<T> {
  const slots = processWide('download-slots', () => new TransferSlots('downloads'))
  const opened = await slots.hold(quotaKey(sender.actor, await currentAddress()), open)
  const { stream } = opened
  if (stream.destroyed) return opened
  const { signal, end } = watchRights(sender)
  addAbortSignal(signal, stream).once('close', end)
  return opened
}

/** Does the work of an upload of the current request, in one of its sender's slots. @throws JobError `uploads` */
export async function inUploadSlot<T>({ actor }: Sender, work: () => Promise<T>): Promise<T> {
  const slots = processWide('upload-slots', () => new TransferSlots('uploads'))
  return slots.during(quotaKey(actor, await currentAddress()), work)
}

/** Takes a slot for the stream of events that the current request asks for. @throws JobError `streams` */
export async function takeStreamSlot({ actor }: Sender): Promise<() => void> {
  const slots = processWide('stream-slots', () => new TransferSlots('streams'))
  return slots.take(quotaKey(actor, await currentAddress()))
}
