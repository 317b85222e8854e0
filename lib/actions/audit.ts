'use server'

import { z } from 'zod'
import { type VerifiedAudit, verifyAudit as verify } from '@/lib/data/audit/verify-audit'
import type { Attempt } from '@/lib/problem/attempt'
import { act } from './act'

/** Checks every row of the audit log. */
export async function verifyAudit(): Promise<Attempt<VerifiedAudit>> {
  return act(z.undefined(), undefined, verify)
}
