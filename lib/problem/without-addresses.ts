const URLS = /\b[a-z][a-z0-9+.-]*:\/\/[^\s,;)”"’']+/gi
/** Absolute ones: a repository's name doesn't begin with a slash. */
const PATHS = /(?<![\w:@./-])(?:\/[\w.@+-]+){2,}\/?/g
const SOCKETS = /(?:\b\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]):\d+\b/gi

/**
 * A text for people who aren't admins: names neither the server's address nor its folders.
 * @param host of the registry, or its folder
 */
export function withoutAddresses(text: string, host: string | undefined): string {
  const unnamed = host ? text.replace(new RegExp(`(?:the layout )?${escaped(host)}`, 'gi'), 'the registry') : text
  const clean = unnamed.replace(URLS, 'an address').replace(SOCKETS, 'an address').replace(PATHS, 'a path')
  return clean.startsWith('the registry') ? `T${clean.slice(1)}` : clean
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
