/** Set by `proxy.ts`: path and query of the request. The frame opens the tree at the page, and signing in leads back to it. */
export const PATH_HEADER = 'x-lading-path'
