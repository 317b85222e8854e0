import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { POLICY_KINDS } from './policy-page-query.ts'

/** Reads the state of the policy page out of the URL; what is no value of it is the default. */
export const loadPolicyParams = createLoader({
  policy: parseAsString,
  kind: parseAsStringLiteral(POLICY_KINDS),
  owner: parseAsString,
  repository: parseAsString,
  page: parseAsInteger.withDefault(1),
})
