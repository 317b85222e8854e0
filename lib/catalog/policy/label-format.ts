import semver from 'semver'
import parseLicence, { type ConjunctionInfo, type LicenseInfo } from 'spdx-expression-parse'
import type { LabelFormat } from '../../config/policy-file.ts'

/** Whether a value has the format. */
export function hasFormat(value: string, format: LabelFormat): boolean {
  switch (format) {
    case 'text':
      return value.trim() !== ''
    case 'rfc3339':
      return RFC_3339.test(value) && !Number.isNaN(Date.parse(value))
    case 'semver':
      return semver.valid(value) !== null
    case 'url':
      return URL.canParse(value) && /^[a-z][a-z0-9+.-]*:\/\/./i.test(value)
    case 'spdx':
      return licencesOf(value) !== undefined
    case 'email':
      return EMAIL.test(value)
    case 'hash':
      return /^[0-9a-f]{7,64}$/i.test(value)
  }
}

/** The licences of an SPDX expression, in its order: `Apache-2.0`, `LicenseRef-own`. Undefined for anything else. */
export function licencesOf(value: string): readonly string[] | undefined {
  // The parser recurses: nobody writes an expression this long.
  if (value.length > 1_000) return undefined
  try {
    return [...new Set(licencesIn(parseLicence(value)))]
  } catch {
    return undefined
  }
}

/** A format's requirement, with an example. */
export const FORMAT_WORDS: Readonly<Record<LabelFormat, string>> = {
  text: 'some text',
  rfc3339: 'a time, for example 2026-02-01T12:00:00Z',
  semver: 'a version, for example 1.4.2',
  url: 'a URL, for example https://git.example.com/team/app',
  spdx: 'an SPDX expression, for example MIT or Apache-2.0 OR MIT',
  email: 'an email address',
  hash: 'a commit hash of 7 digits or more',
}

/** RFC 3339, section 5.6. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/
/** As HTML's input checks them: enough to notice a name in the place of an address. */
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/i

function licencesIn(expression: LicenseInfo | ConjunctionInfo): string[] {
  if ('conjunction' in expression) return [...licencesIn(expression.left), ...licencesIn(expression.right)]
  return [expression.license]
}
