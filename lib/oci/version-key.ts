/** `1`, `v1.4`, `1.4.2-rc.1`, `1.4.2_build5`, `1.4rc1`. A bare number followed by letters (`7e3f`) isn't a version: it may be a commit. */
const VERSION = /^[vV]?(\d+(?:\.\d+)*)(?:([-_])(.*)|([A-Za-z].*))?$/

/** After the numbers: a pre-release stands before its release, a further number after it (semver.org, section 11). */
const BEFORE_RELEASE = '\u0001'
const RELEASE = '\u0002'
const FURTHER_NUMBER = '\u0003'

/**
 * A string that sorts by code unit as versions sort: computed once per tag, so that sorting thousands compares only
 * strings. Missing numbers count as 0 (`1.4` = `1.4.0`). What isn't a version sorts naturally: `build-9` before `build-10`.
 */
export function versionKey(tag: string): { readonly key: string; readonly isVersion: boolean } {
  const match = VERSION.exec(tag)
  const numbers = match?.[1]?.split('.')
  const [, , separator, suffix, letters] = match ?? []
  if (!numbers || (letters !== undefined && numbers.length === 1)) return { key: naturalKey(tag), isVersion: false }
  while (numbers.length < 3) numbers.push('0')
  const core = numbers.map(numberKey).join(FURTHER_NUMBER)
  const isBuild = separator === '_'
  const rest = suffix ?? letters
  if (rest === undefined) return { key: core + RELEASE, isVersion: true }
  // The dot between identifiers counts less than any character inside one.
  const key = core + (isBuild ? RELEASE : BEFORE_RELEASE) + naturalKey(rest).replaceAll('.', '\u0001')
  return { key, isVersion: true }
}

function naturalKey(text: string): string {
  return text.replace(/\d+/g, (digits) => `0${numberKey(digits)}`)
}

/** Longer numbers are greater; numbers of one length compare as text. No number is too long for this. */
function numberKey(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, '')
  return String.fromCharCode(0x100 + significant.length) + significant
}
