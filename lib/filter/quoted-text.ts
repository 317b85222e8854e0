/** A key or a value as it can be typed in a query: in quotes where it needs them. */
export function quotedText(text: string): string {
  return /^[\w./:@+][\w./:@+-]*$/.test(text) && !text.startsWith('/') ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}
