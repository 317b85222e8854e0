const EXTENSIONS: readonly (readonly [RegExp, string])[] = [
  [/\btar[.+]gzip$/, 'tar.gz'],
  [/\btar[.+]zstd$/, 'tar.zst'],
  [/\btar$/, 'tar'],
  [/[/+]json$/, 'json'],
  [/[/+]gzip$/, 'gz'],
  [/[/+]zstd$/, 'zst'],
]

/** How a file with a blob of this media type is called at its end: `tar.gz`, and `blob` for what nothing is known of. */
export function blobExtension(mediaType: string): string {
  return EXTENSIONS.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'blob'
}
