import { generateKeyPairSync, sign } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type LayerFiles, type Pushed, pushBlob, pushManifest, sha256, type Target, tarOf } from './images.ts'

const SIGNED = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

/**
 * Pushes a signed Docker schema 1 image, one tag: its document names the tag. The digest is that of the signed payload.
 * A layer is files, or a blob as it is.
 */
export async function pushSchema1(
  target: Target | string,
  repository: string,
  tag: string,
  {
    layers = [{ 'etc/os-release': 'NAME="old"\n' }],
    labels,
  }: { layers?: readonly (LayerFiles | Uint8Array)[]; labels?: Record<string, string> } = {},
): Promise<Pushed & { readonly layers: readonly Pushed[] }> {
  const blobs = await Promise.all(
    layers.map(async (layer) =>
      pushBlob(target, repository, layer instanceof Uint8Array ? Buffer.from(layer) : gzipSync(await tarOf(layer))),
    ),
  )
  const ids = blobs.map(({ digest }, index) => sha256(`${digest}${index}`).slice('sha256:'.length))
  const history = ids.map((id, index) => ({
    v1Compatibility: JSON.stringify({
      id,
      ...(index > 0 && { parent: ids[index - 1] }),
      created: '2015-06-07T08:09:10Z',
      container_config: { Cmd: [`/bin/sh -c #(nop) COPY step ${index + 1}`] },
      ...(index === ids.length - 1 && {
        architecture: 'amd64',
        os: 'linux',
        config: { Labels: labels ?? {}, Env: ['A=b'] },
      }),
    }),
  }))
  const payload = Buffer.from(
    JSON.stringify(
      {
        schemaVersion: 1,
        name: repository,
        tag,
        architecture: 'amd64',
        fsLayers: blobs.map(({ digest }) => ({ blobSum: digest })).reverse(),
        history: history.reverse(),
      },
      null,
      3,
    ),
  )
  const bytes = signJws(payload)
  await pushManifest(target, repository, [tag], SIGNED, bytes)
  return { digest: sha256(payload), mediaType: SIGNED, size: bytes.length, bytes, layers: blobs }
}

/** Adds a libtrust signature by a fresh P-256 key to a JSON document that ends in `\n}`. */
export function signJws(payload: Buffer): Buffer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const formatLength = payload.lastIndexOf('\n}')
  const tail = payload.subarray(formatLength)
  const protectedHeader = base64url(
    JSON.stringify({ formatLength, formatTail: base64url(tail), time: new Date().toISOString().replace(/\.\d+/, '') }),
  )
  const input = Buffer.from(`${protectedHeader}.${base64url(payload)}`)
  const signature = sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const signatures = [
    { header: { jwk: { crv, kty, x, y }, alg: 'ES256' }, signature: base64url(signature), protected: protectedHeader },
  ]
  const text = JSON.stringify(signatures, null, 3).replaceAll('\n', '\n   ')
  return Buffer.concat([payload.subarray(0, formatLength), Buffer.from(`,\n   "signatures": ${text}`), tail])
}

function base64url(data: string | Buffer): string {
  return Buffer.from(data).toString('base64url')
}
