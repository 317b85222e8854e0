/**
 * A message as a sentence: a capital at the beginning, a full stop at the end.
 * @param names to keep as they're written, even at the beginning: a repository isn't called `Team/app`
 */
export function sentence(text: string, names: readonly (string | undefined)[] = []): string {
  // A digest, a reference or a URL.
  const isNamed = /^\S*[/:@]\S/.test(text) || names.some((name) => name && text.startsWith(name))
  const first = isNamed ? text : text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(first) ? first : `${first}.`
}
