import { randomBytes } from 'node:crypto'
import { isRecord } from '../../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../../oci/digest.ts'
import { FormatError } from '../../../oci/format-error.ts'
import { parseJson } from '../../../oci/json.ts'
import { isRegistryError, RegistryError } from '../../errors.ts'
import type { CallOptions, SignatureStore, StoredSignature } from '../../registry.ts'
import { pullScope, pushScope } from '../auth/token-scope.ts'
import { pingRegistry } from '../capabilities.ts'
import type { RepositoryContext } from '../repository-context.ts'
import type { Address } from '../wire/redirect.ts'
import { header } from '../wire/transport.ts'

const MAX_ANSWER = 4 * 1024 * 1024
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * OpenShift's signatures API (containers/image, "signature protocols", X-Registry-Supports-Signatures). Undefined where
 * the registry does not say, when it is pinged, that it has it. @throws RegistryError
 */
export async function signatureExtension(
  context: RepositoryContext,
  options: CallOptions = {},
): Promise<SignatureStore | undefined> {
  const { facts } = context
  facts.signatureExtension ??=
    header(await pingRegistry(context.client, options), 'x-registry-supports-signatures') === '1'
  if (!facts.signatureExtension) return undefined
  return {
    list: (digest, call) => listSignatures(context, digest, call),
    put: (digest, content, call) => putSignature(context, digest, content, call),
  }
}

async function listSignatures(context: RepositoryContext, digest: Digest, { signal }: CallOptions = {}) {
  const request = {
    method: 'GET' as const,
    to: addressOf(context, digest),
    scopes: pullScope(context.name),
    repository: context.name,
    signal,
  }
  try {
    return readSignatures((await context.client.read(request, MAX_ANSWER)).bytes, digest)
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return []
    if (!(error instanceof FormatError)) throw error
    const { host } = context.client.endpoint
    const message = `${host} didn’t answer with a list of signatures`
    throw new RegistryError('malformed', message, { host, repository: context.name }, { cause: error })
  }
}

async function putSignature(
  context: RepositoryContext,
  digest: Digest,
  content: Uint8Array,
  { signal }: CallOptions = {},
): Promise<StoredSignature> {
  const name = `${digest}@${randomBytes(16).toString('hex')}`
  const document = { schemaVersion: 2, name, type: 'atomic', content: Buffer.from(content).toString('base64') }
  const body = Buffer.from(JSON.stringify(document))
  if (body.length > MAX_ANSWER) throw new RegistryError('too-large', `a signature of ${content.length} bytes`)
  await context.client.head({
    method: 'PUT',
    to: addressOf(context, digest),
    scopes: pushScope(context.name),
    headers: { 'content-type': 'application/json' },
    body,
    ok: [200, 201, 204],
    repository: context.name,
    signal,
  })
  return { name, content }
}

/** Beside `/v2/`, not below it. */
function addressOf({ client, name }: RepositoryContext, digest: Digest): Address {
  const { origin, prefix } = client.endpoint
  return { origin, path: `${prefix}/extensions/v2/${name}/signatures/${digest}` }
}

function readSignatures(bytes: Uint8Array, digest: Digest): StoredSignature[] {
  const document = parseJson(bytes)
  const list = isRecord(document) ? (document.signatures ?? []) : undefined
  if (!Array.isArray(list)) throw new FormatError('signature', document, 'a list at signatures')
  return list.flatMap((entry: unknown) => {
    if (!isRecord(entry)) throw new FormatError('signature', entry, 'objects at signatures')
    const { schemaVersion, type, name, content } = entry
    if (schemaVersion !== 2 || type !== 'atomic') return []
    if (typeof name !== 'string' || typeof content !== 'string' || !BASE64.test(content))
      throw new FormatError('signature', name, 'a name, and content in base64')
    // A signature of another manifest must not be shown for this one.
    const [signed] = name.split('@')
    if (!isDigest(signed) || signed !== digest)
      throw new FormatError('signature', name, `a name that begins ${digest}@`)
    return [{ name, content: Buffer.from(content, 'base64') }]
  })
}
