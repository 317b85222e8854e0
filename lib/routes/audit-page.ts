import { createLoader, parseAsInteger, parseAsString } from 'nuqs/server'

/** Reads the state of the audit log's page out of the URL. */
export const loadAuditParams = createLoader({ q: parseAsString.withDefault(''), below: parseAsInteger })
