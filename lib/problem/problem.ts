import { type AccessErrorCode, isAccessError } from '../access/access-error.ts'
import { JobError } from '../jobs/job-error.ts'
import { FormatError } from '../oci/format-error.ts'
import { RegistryError, type RegistryErrorKind } from '../registry/errors.ts'

/** What a person reads when something failed: what happened, why, and what to do. Plain, so that it can cross to the client. */
export interface Problem {
  /** Stable: `registry.timeout`, `format.tag`, `access.denied`, `internal`. */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly advice?: string
  /** For `conflict` and `exists`: digests. */
  readonly expected?: string
  readonly found?: string
}

interface Text {
  readonly title: string
  readonly advice?: string
}

const TEXTS: Record<RegistryErrorKind, Text> = {
  unreachable: {
    title: 'The registry cannot be reached',
    advice: 'Check that it runs and that this host can connect to it, then reload.',
  },
  timeout: {
    title: 'The registry took too long to answer',
    advice: 'Reload to try again. If it stays slow, look at its load.',
  },
  tls: {
    title: 'The registry’s certificate is not trusted',
    advice:
      'Name the CA that signed it with REGISTRY_CA_FILE (or `ca` in the configuration file), and check its host name and dates.',
  },
  unauthorized: {
    title: 'The registry did not accept our credentials',
    advice: 'Check REGISTRY_USERNAME and REGISTRY_PASSWORD (or the registry’s entry in the configuration file).',
  },
  denied: {
    title: 'The registry does not allow this',
    advice:
      'The configured account lacks the right, or there is no such repository: registries give the same answer to both.',
  },
  'not-found': {
    title: 'Not found',
    advice: 'It may have been deleted or renamed. Reload the list to see what is there now.',
  },
  unsupported: { title: 'This registry cannot do that' },
  'deletes-disabled': {
    title: 'Deleting is switched off in this registry',
    advice: 'Set REGISTRY_STORAGE_DELETE_ENABLED=true for the registry and restart it.',
  },
  'rate-limited': { title: 'The registry limits our rate', advice: 'Wait a little and reload.' },
  unavailable: { title: 'The registry has a fault', advice: 'Reload to try again; its log says more.' },
  conflict: {
    title: 'It has changed since you looked',
    advice: 'Nothing was changed. Look at what is there now and decide again.',
  },
  exists: {
    title: 'That tag exists already',
    advice: 'Nothing was changed. Choose another name, or confirm that it should be overwritten.',
  },
  'digest-mismatch': {
    title: 'The content does not match its digest',
    advice: 'It was not shown or stored. The registry’s storage, or something between, is damaged.',
  },
  'size-mismatch': {
    title: 'The content does not have the size it should',
    advice: 'It was not shown or stored. Reload to try again; if it stays, the registry’s storage is damaged.',
  },
  'too-large': {
    title: 'It is larger than what is read here',
    advice: 'It was not read further. If it is right, a command-line client can pull or push it.',
  },
  malformed: {
    title: 'The answer is not what a registry says',
    advice: 'Check that the configured URL is a registry’s, and that no sign-in page or proxy answers in its place.',
  },
  'unsafe-redirect': {
    title: 'The registry sent us somewhere that credentials must not go',
    advice: 'If that token server is yours, list its host under `tokenHosts` in the configuration file.',
  },
  invalid: { title: 'The registry refused the content' },
  'missing-content': { title: 'Something that this image needs is missing' },
}

const ACCESS_TEXTS: Record<AccessErrorCode, Omit<Problem, 'code'>> = {
  denied: {
    title: 'You may not do this',
    detail: 'Your role does not include it.',
    advice: 'Ask an administrator for the right.',
  },
  'sign-in': {
    title: 'Sign in to do this',
    detail: 'Changes are for signed-in people.',
    advice: 'Sign in at the top right, then try again.',
  },
  'foreign-origin': {
    title: 'The request came from another site',
    detail: 'Changes are accepted only from pages of this site.',
    advice: 'Reload the page and try again. Behind a proxy, see that it passes the Host header on.',
  },
  'read-only': {
    title: 'Lading is read-only',
    detail: 'It was started with READ_ONLY, so every change is refused.',
    advice: 'Restart it without READ_ONLY to allow changes.',
  },
}

/** The one translator from errors to what a user reads. Unknown errors say nothing of their inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof RegistryError) {
    const text = TEXTS[error.kind]
    return {
      code: `registry.${error.kind}`,
      title: text.title,
      detail: describe(error),
      ...(text.advice && { advice: text.advice }),
      ...(error.expected && { expected: error.expected }),
      ...(error.found && { found: error.found }),
    }
  }
  if (error instanceof FormatError)
    return {
      code: `format.${error.code}`,
      title: formatTitle(error),
      detail: formatDetail(error),
      advice: formatAdvice(error),
    }
  if (error instanceof JobError)
    return {
      code: `job.${error.code}`,
      title: 'This cannot be begun now',
      detail: sentence(error.message),
      advice: 'Wait until some are done, or cancel them on the page of jobs.',
    }
  if (isAccessError(error)) return { code: `access.${error.code}`, ...ACCESS_TEXTS[error.code] }
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'aborted', title: 'Cancelled', detail: 'The request was given up before it ended.' }
  console.error(error)
  return {
    code: 'internal',
    title: 'Something went wrong in Lading',
    detail: 'This is a fault of the program. Its log says what happened.',
    advice: 'Reload to try again.',
  }
}

function describe(error: RegistryError): string {
  const answer = [error.status && `status ${error.status}`, error.codes.join(', ')].filter(Boolean).join(', ')
  return sentence(
    `${error.message}${error.detail && !error.message.includes(error.detail) ? `: ${error.detail}` : ''}${answer && !error.message.includes(String(error.status)) ? ` (${answer})` : ''}`,
    [error.repository, error.host],
  )
}

function formatTitle(error: FormatError): string {
  if (error.code === 'tar') return 'This tar archive is damaged, or is none'
  if (error.code === 'archive') return 'This is no archive of images'
  if (error.code === 'config') return 'This image’s configuration cannot be read for sure'
  if (error.code === 'pattern') return 'This filter cannot be used'
  if (error.code === 'manifest-ambiguous') return 'This manifest can be read in two ways'
  if (error.code === 'manifest-media-type') return 'This manifest says it is of another type than the registry does'
  return ['digest', 'tag', 'repository', 'reference', 'platform'].includes(error.code)
    ? `That is not a ${error.code}`
    : 'This document is malformed'
}

/** Of a filter the engine's own words: where it stumbled helps more than the whole repeated. The bytes of an archive say nothing. */
function formatDetail(error: FormatError): string {
  if (error.code === 'tar' || error.code === 'archive') return sentence(`expected ${error.expected}`)
  return sentence(error.code === 'pattern' && error.cause instanceof Error ? error.cause.message : error.message)
}

const ARCHIVE_ADVICE =
  'An archive of images is an OCI archive or what docker save writes; a root file system is what docker import takes. Copy it again if it may be cut short. A layer that says this is damaged in its registry.'

function formatAdvice(error: FormatError): string {
  if (error.code === 'tar' || error.code === 'archive') return ARCHIVE_ADVICE
  return ['digest', 'tag', 'repository', 'reference', 'platform', 'pattern'].includes(error.code)
    ? `Expected ${error.expected}.`
    : 'It is not shown, because tools could disagree about what it means. Push the image again with a current tool.'
}

/** @param names what must be read as it is written, even at the beginning: a repository is not called `Team/app` */
export function sentence(text: string, names: readonly (string | undefined)[] = []): string {
  const isNamed = /^sha\d+:/.test(text) || names.some((name) => name && text.startsWith(name))
  const first = isNamed ? text : text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(first) ? first : `${first}.`
}

/** An input that is not of the form an action takes. */
export function inputProblem(messages: readonly string[]): Problem {
  return {
    code: 'input',
    title: 'That cannot be used as it is',
    detail: messages.slice(0, 3).join(' ') || 'The request does not have the expected form.',
    advice: 'Correct it, or reload the page if it has been open for long.',
  }
}
