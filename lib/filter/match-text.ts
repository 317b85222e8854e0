import { compilePattern, refuseLong } from './compile-pattern.ts'
import { compileGlob } from './glob.ts'
import type { TextMatch } from './query.ts'

/** Names are compared whatever their case, label values as they are. */
export interface TextOptions {
  readonly ignoreCase: boolean
}

/** Compiles how a text is compared, to be applied to many. @throws FormatError `pattern` */
export function compileText({ is, text }: TextMatch, options: TextOptions): (text: string) => boolean {
  const { ignoreCase } = options
  const fold = (value: string) => (ignoreCase ? value.toLowerCase() : value)
  const wanted = fold(text)
  switch (is) {
    case 'exact':
      return (other) => fold(other) === wanted
    case 'contains':
      return (other) => fold(other).includes(wanted)
    case 'glob': {
      refuseLong(text)
      const glob = compileGlob(wanted)
      return (other) => glob.matches(fold(other))
    }
    case 'pattern': {
      const pattern = compilePattern(text, options)
      return (other) => pattern.test(other)
    }
  }
}

/** Whether any of several matches. @throws FormatError `pattern` */
export function compileAnyText(anyOf: readonly TextMatch[], options: TextOptions): (text: string) => boolean {
  const tests = anyOf.map((match) => compileText(match, options))
  return (text) => tests.some((test) => test(text))
}

/**
 * As `platform:` compares: also with the beginning of the platform up to a slash, without its operating system or that
 * one's version: `windows/amd64` finds `windows(10.0.20348.1)/amd64`. @throws FormatError `pattern`
 */
export function compilePlatform(anyOf: readonly TextMatch[]): (platform: string) => boolean {
  const matches = compileAnyText(anyOf, { ignoreCase: true })
  return (platform) => {
    const [os = '', ...rest] = platform.split('/')
    const [bare = ''] = os.split('(')
    const forms = bare === os ? [[os, ...rest], rest] : [[os, ...rest], [bare, ...rest], rest]
    return forms.some((parts) => parts.some((_, index) => matches(parts.slice(0, index + 1).join('/'))))
  }
}
