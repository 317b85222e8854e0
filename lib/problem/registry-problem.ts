import type { RegistryError, RegistryErrorKind, RegistryErrorReason } from '../registry/errors.ts'
import { ASK_ADMIN, type Problem } from './problem.ts'
import { sentence } from './sentence.ts'
import { withoutAddresses } from './without-addresses.ts'

interface Text {
  readonly title: string
  /** What anybody can do. */
  readonly advice?: string
  /** Replaces it for admins: what to check on the server or in its settings. */
  readonly setup?: string
  /**
   * In place of the message for everyone else, where that is about how Lading reaches the registry. It names the
   * registry: lists show it without the title.
   */
  readonly outside?: string
}

const RETRY_OR_ASK = 'Retry in a moment. If that doesn’t help, ask your administrator.'

const TEXTS: Record<RegistryErrorKind, Text> = {
  unreachable: {
    title: 'Can’t reach the registry',
    outside: 'Lading can’t connect to the registry.',
    advice: RETRY_OR_ASK,
    setup: 'Check that it’s running and that this server can connect to it, then retry.',
  },
  timeout: {
    title: 'The registry took too long to respond',
    outside: 'The registry didn’t answer in time.',
    advice: RETRY_OR_ASK,
    setup: 'Retry. If it stays slow, check the registry’s load.',
  },
  tls: {
    title: 'No secure connection to the registry',
    outside: 'The registry’s certificate or TLS settings don’t allow a secure connection.',
    setup: 'Check the registry’s TLS settings and its certificate.',
  },
  unauthorized: {
    title: 'The registry rejected Lading’s credentials',
    outside: 'The registry doesn’t accept the account that Lading uses.',
    setup: 'Check REGISTRY_USERNAME and REGISTRY_PASSWORD (or the registry’s entry in the configuration file).',
  },
  denied: {
    title: 'The registry refused access',
    setup:
      'The configured account may lack the right, or the repository may not exist: registries give the same response to both.',
  },
  'not-found': {
    title: 'Not found',
    advice: 'It may have been deleted or renamed. Refresh the list to see what’s there now.',
  },
  unsupported: { title: 'This registry doesn’t support this' },
  'deletes-disabled': {
    title: 'Deletion is turned off in this registry',
    setup: 'Set REGISTRY_STORAGE_DELETE_ENABLED=true for the registry and restart it.',
  },
  'rate-limited': { title: 'Rate-limited by the registry', advice: 'Wait a moment, then retry.' },
  unavailable: {
    title: 'Registry server error',
    outside: 'The registry answered with an error.',
    advice: RETRY_OR_ASK,
    setup: 'Retry. The registry’s log has the details.',
  },
  conflict: {
    title: 'It has changed since you opened this',
    advice: 'Nothing was changed. Check what’s there now, then decide again.',
  },
  exists: {
    title: 'That tag already exists',
    advice: 'Nothing was changed. Choose another name, or confirm that you want to overwrite it.',
  },
  'digest-mismatch': {
    title: 'The content doesn’t match its digest',
    advice: 'It wasn’t shown or stored. The registry’s storage, or a proxy in between, is corrupting content.',
  },
  'size-mismatch': {
    title: 'The content doesn’t have the expected size',
    advice: 'It wasn’t shown or stored. Retry; if this persists, the registry’s storage is damaged.',
  },
  'too-large': {
    title: 'Too large to read here',
    advice: 'Lading stopped reading. If the size is right, use a command-line client for it.',
  },
  malformed: {
    title: 'Unexpected response: this may not be a registry',
    setup: 'Check that the configured URL is a registry’s, and that no sign-in page or proxy responds in its place.',
  },
  'unsafe-redirect': {
    title: 'The registry sent Lading to a host that it won’t connect to',
    outside: 'The registry redirects to a host that only an administrator can allow.',
    setup:
      'If you trust that host, add it to the registry’s entry in the configuration file: to `tokenHosts` if it issues tokens, to `storageHosts` if it serves downloads.',
  },
  invalid: { title: 'The registry refused the content' },
  'missing-content': { title: 'Content that this image needs is missing' },
}

const REASONS: Record<RegistryErrorReason, Text> = {
  'immutable-tag': {
    title: 'This tag is immutable',
    advice: 'A rule in the registry prevents moving or deleting it. Use another tag, or change the rule there.',
  },
  'storage-refused': {
    title: 'The registry’s storage refused the request',
    outside: 'The host that the registry redirects to refused the request.',
    advice: RETRY_OR_ASK,
    setup: 'The registry signs its links to that host: check its storage credentials and its clock.',
  },
  'blocked-by-policy': {
    title: 'The registry blocks this image',
    advice:
      'A policy in the registry keeps it from being pulled, for example because of vulnerabilities or a missing signature. Lading can’t read it until that changes.',
  },
  'no-layout': {
    title: 'The image layout is missing',
    outside: 'Lading can’t find the folder that holds the registry’s images.',
    advice: RETRY_OR_ASK,
    setup: 'Check the path, or copy an image there, for example with skopeo copy … oci:FOLDER:TAG.',
  },
  'layout-file': {
    title: 'Can’t use the image layout',
    outside: 'Lading can’t use the folder that holds the registry’s images.',
    advice: RETRY_OR_ASK,
    setup: 'Retry once that’s fixed.',
  },
  'untrusted-certificate': {
    title: 'The registry’s certificate isn’t trusted',
    outside: 'The registry’s certificate is signed by an authority that Lading doesn’t know.',
    setup: 'Set REGISTRY_CA_FILE (or `caFile` in the configuration file) to the certificate of the CA that signed it.',
  },
  'certificate-dates': {
    title: 'The registry’s certificate has expired or isn’t valid yet',
    outside: 'Lading won’t connect until the registry has a valid certificate.',
    setup: 'Renew the certificate. If its dates are right, check the clock of the server that Lading runs on.',
  },
  'certificate-name': {
    title: 'The registry’s certificate is for another host name',
    outside: 'Lading won’t connect: the registry’s certificate belongs to another host.',
    setup:
      'Use a name that the certificate lists in REGISTRY_URL (or `url` in the configuration file), or issue a certificate for this one.',
  },
  'no-tls': {
    title: 'The registry doesn’t use TLS on this port',
    outside: 'Lading is set up to connect to the registry with TLS.',
    setup: 'If it serves plain HTTP, use http:// in REGISTRY_URL (or `url` in the configuration file).',
  },
  'needs-tls': {
    title: 'The registry only accepts HTTPS on this port',
    outside: 'Lading is set up to connect to the registry without TLS.',
    setup: 'Use https:// in REGISTRY_URL (or `url` in the configuration file).',
  },
}

/** @param isAdmin whether the reader may know addresses and settings: see `maySeeSetup` */
export function registryProblem(error: RegistryError, isAdmin: boolean): Problem {
  const { title, advice, setup, outside } = error.reason ? REASONS[error.reason] : TEXTS[error.kind]
  const helps = isAdmin ? (setup ?? advice) : (advice ?? (setup && ASK_ADMIN))
  return {
    code: `registry.${error.kind}`,
    title,
    detail:
      isAdmin || error.isPlain
        ? describe(error)
        : outside
          ? withStatus(outside, error)
          : withoutAddresses(describe(error), error.host),
    ...(helps && { advice: helps }),
    ...(error.expected && { expected: error.expected }),
    ...(error.found && { found: error.found }),
  }
}

/** What an administrator, who is told of it, looks for in the registry's log. */
function withStatus(text: string, { status }: RegistryError): string {
  return status === undefined ? text : `${text.slice(0, -1)} (status ${status}).`
}

function describe({ message, detail, status, codes, repository, host }: RegistryError): string {
  const answer = [status && `status ${status}`, codes.join(', ')].filter(Boolean).join(', ')
  const quoted = detail && !message.includes(detail) ? `: ${detail}` : ''
  return sentence(`${message}${quoted}${answer && !message.includes(String(status)) ? ` (${answer})` : ''}`, [
    repository,
    host,
  ])
}
