/** `sha256:` and 12 hexadecimal digits; the whole digest belongs in the title and in what is copied. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':')
  return digest.slice(0, colon + 13)
}
