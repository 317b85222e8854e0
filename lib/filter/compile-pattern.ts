import { RE2JS, RE2JSSyntaxException } from 're2js'
import { FormatError } from '../oci/format-error.ts'

/** Globs and patterns come from users: longer ones are refused. */
const MAX_PATTERN_LENGTH = 100

const EXPECTED = 'a regular expression without back references, for example ^team-(a|b)'

/** Compiles a regular expression in RE2's syntax, whose matching takes linear time. @throws FormatError `pattern` */
export function compilePattern(text: string, { ignoreCase }: { readonly ignoreCase: boolean }): RE2JS {
  refuseLong(text)
  try {
    return RE2JS.compile(text, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause
    throw new FormatError('pattern', text, EXPECTED, { cause: new SyntaxError(faultOf(cause, text)) })
  }
}

/** @throws FormatError `pattern` */
export function refuseLong(text: string): void {
  if (text.length > MAX_PATTERN_LENGTH)
    throw new FormatError('pattern', text, `at most ${MAX_PATTERN_LENGTH} characters`)
}

/**
 * The engine's message, and the wrong part unless it's the whole pattern, which the engine prints with its own flags.
 */
function faultOf(error: RE2JSSyntaxException, text: string): string {
  const part = error.getPattern()
  return part && part !== text && text.includes(part) ? `${error.getDescription()}: ${part}` : error.getDescription()
}
