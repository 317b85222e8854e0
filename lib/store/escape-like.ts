/** The text as a pattern of `StoreDialect.isLike` that is only like itself. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}
