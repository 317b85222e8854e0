/** `sha256:` and 12 hexadecimal digits; the whole digest belongs in the title and in what is copied. */
export function shortDigest(digest: string): string {
  const colon = digest.indexOf(':')
  return digest.slice(0, colon + 13)
}

/** Whether Lading doesn't know its algorithm, so that what it names can't be verified and isn't opened. */
export function isUnverifiable(digest: string): boolean {
  return digest.includes(':') && !/^sha(?:256|512):/.test(digest)
}

const IN_TEXT = /\b(sha\d+:[0-9a-f]{12})[0-9a-f]{20,}/g

/** A sentence with short digests. */
export function withShortDigests(text: string): string {
  return text.replace(IN_TEXT, '$1…')
}
