/** Kinds of errors that say that the registry couldn't be reached: the outcome of earlier requests is unknown. */
export const OUTAGES = ['unreachable', 'timeout', 'unavailable', 'rate-limited'] as const
