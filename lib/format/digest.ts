/** `sha256:` and 12 hexadecimal digits; the whole digest belongs in the title and in what is copied. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':')
  return digest.slice(0, colon + 13)
}

const IN_TEXT = /\b(sha\d+:[0-9a-f]{12})[0-9a-f]{20,}/g

/** A sentence with short digests. */
export function withShortDigests(text: string): string {
  return text.replace(IN_TEXT, '$1…')
}
