import { sql } from 'kysely'

/**
 * Of an image `i` of a manifest `m`: it could not be read, or its config couldn't, so that it may have more labels than
 * those that its index gives it.
 */
export const IS_UNREAD = sql<boolean>`(i.layers is null and m.problem is not null)`
