import { verifyAudit } from '../actions/audit.ts'
import { mutation } from './mutation.ts'

export const verifyAuditMutation = () => mutation((_: undefined) => verifyAudit())
