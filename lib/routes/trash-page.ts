import { createLoader, parseAsInteger } from 'nuqs/server'

/** Reads the state of the trash's page out of the URL. */
export const loadTrashParams = createLoader({ page: parseAsInteger.withDefault(1) })
