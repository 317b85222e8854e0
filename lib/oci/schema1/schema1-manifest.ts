import { algorithmOf } from '../digest.ts'
import { digestOf } from '../digester.ts'
import type { ManifestBase, Schema1Manifest } from '../manifest.ts'
import { parseSchema1 } from './parse-schema1.ts'
import { schema1Payload } from './schema1-payload.ts'

/** Reads a Docker schema 1 manifest; a signed one is known by the digest of what was signed. @throws FormatError */
export function readSchema1Manifest(base: ManifestBase, document: Record<string, unknown>): Schema1Manifest {
  const payload = schema1Payload(base.bytes, document)
  return {
    kind: 'schema1',
    schemaVersion: 1,
    ...base,
    digest: payload === base.bytes ? base.digest : digestOf(payload, algorithmOf(base.digest)),
    document: parseSchema1(base.bytes),
  }
}
