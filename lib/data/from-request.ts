import 'server-only'
import type { Actor } from '../access/actor.ts'
import { currentAddress } from '../access/sessions/session.ts'
import { withSource } from '../audit/audit-source.ts'
import { recordingRequest } from './audit/record-refused.ts'

/**
 * Runs the work of a request, so that the audit log can say where it came from, and that it was refused.
 * @param actor undefined if authenticating the request is part of the work
 */
export async function fromRequest<T>(actor: Actor | undefined, work: () => Promise<T> | T): Promise<T> {
  const address = await currentAddress()
  return withSource({ address }, () => recordingRequest(actor, work))
}
