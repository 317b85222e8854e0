/** Set by `proxy.ts`: the path of the request, so that the frame around a page can open the tree where the page is. */
export const PATH_HEADER = 'x-lading-path'
