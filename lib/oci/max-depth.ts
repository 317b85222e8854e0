/**
 * How many levels of manifests below one are followed, through indexes inside indexes: no tool makes half as many, and a
 * walk has to end. One limit, so that what can be checked can be copied, archived and resolved.
 */
export const MAX_DEPTH = 8
