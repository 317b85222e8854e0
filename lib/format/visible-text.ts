/**
 * Characters that show nothing or turn the text around them: controls but newline and tab, format characters, odd
 * separators, letters without a shape. Not the joiner of two emoji, which are then shown as one.
 */
const INVISIBLE =
  /(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?)\u200D\p{Extended_Pictographic})[\u034F\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029\u115F\u1160\u2800\u3164\uFFA0]/gu
const KEPT = new Set(['\n', '\t'])

/** The text with its invisible characters written out, so that what is read is what is there: `⟨U+202E⟩`. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    if (KEPT.has(character)) return character
    const code = character.codePointAt(0) ?? 0
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}
