import type { FormatError, FormatErrorCode } from '../oci/format-error.ts'
import type { Problem } from './problem.ts'
import { sentence } from './sentence.ts'

const TITLES: Readonly<Partial<Record<FormatErrorCode, string>>> = {
  tar: 'Not a valid tar archive',
  archive: 'Not an image archive',
  config: 'This image’s configuration is ambiguous',
  pattern: 'This filter isn’t valid',
  'manifest-ambiguous': 'This manifest is ambiguous',
  'manifest-media-type': 'The manifest and the registry disagree about its media type',
  digest: 'Not a valid digest',
  'digest-algorithm': 'Can’t be verified: unknown digest algorithm',
  tag: 'Not a valid tag',
  repository: 'Not a valid repository name',
  reference: 'Not a valid reference',
  platform: 'Not a valid platform',
}

const ARCHIVE_ADVICE =
  'Lading loads OCI archives and docker save archives; a root file system needs docker import. If the file may be truncated, copy it again. If a layer reports this, it’s damaged in its registry.'

export function formatProblem(error: FormatError): Problem {
  return {
    code: `format.${error.code}`,
    title: TITLES[error.code] ?? 'This document is malformed',
    detail: detailOf(error),
    advice: adviceOf(error),
  }
}

/**
 * For a filter, the engine's own message: the position of the mistake helps more than the filter repeated. An archive's
 * bytes don't help.
 */
function detailOf(error: FormatError): string {
  if (error.code === 'tar' || error.code === 'archive') return sentence(`expected ${error.expected}`)
  return sentence(error.code === 'pattern' && error.cause instanceof Error ? error.cause.message : error.message)
}

function adviceOf(error: FormatError): string {
  if (error.code === 'tar' || error.code === 'archive') return ARCHIVE_ADVICE
  if (error.code === 'digest-algorithm')
    return 'Lading doesn’t open, copy or archive content that it can’t verify. Push it again with a sha256 digest.'
  return ['digest', 'tag', 'repository', 'reference', 'platform', 'pattern'].includes(error.code)
    ? `Expected ${error.expected}.`
    : 'It isn’t shown, because tools could disagree about what it means. Push the image again with a current tool.'
}
