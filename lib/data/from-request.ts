import 'server-only'
import { currentAddress } from '../access/sessions/session.ts'
import { withSource } from '../audit/audit-source.ts'

/** Runs the work of a request, so that the audit log can say where it came from. */
export async function fromRequest<T>(work: () => Promise<T> | T): Promise<T> {
  const address = await currentAddress()
  return withSource({ address }, work)
}
