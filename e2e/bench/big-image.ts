import { randomBytes, randomFillSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { pushBlob, pushManifest, sha256 } from '../../lib/testing/servers/images.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar'
const MIB = 1 << 20

export interface BigImage {
  /** Digests of the layers as stored. */
  readonly layers: readonly string[]
  /** Bytes of the layers as stored, and unpacked. */
  readonly stored: number
  readonly unpacked: number
}

/** Pushes an image of real layers, each a tar of one file: random, or (`gzip`) text that compresses to about a half. */
export async function pushBigImage(
  url: string,
  repository: string,
  { layers, mebibytes, gzip = false }: { layers: number; mebibytes: number; gzip?: boolean },
): Promise<BigImage> {
  const pushed: { mediaType: string; digest: string; size: number }[] = []
  const diffIds: string[] = []
  for (let index = 0; index < layers; index++) {
    const tar = layerOf(`file-${index}`, mebibytes * MIB, gzip ? fillWithText : randomFillSync)
    diffIds.push(sha256(tar))
    const { digest, size } = await pushBlob(url, repository, gzip ? gzipSync(tar, { level: 1 }) : tar)
    pushed.push({ mediaType: gzip ? `${LAYER}+gzip` : LAYER, digest, size })
  }
  const rootfs = { type: 'layers', diff_ids: diffIds }
  const document = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', config: {}, rootfs }))
  const { digest, size } = await pushBlob(url, repository, document)
  await pushManifest(url, repository, ['1'], MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size },
    layers: pushed,
  })
  const stored = pushed.reduce((sum, layer) => sum + layer.size, 0)
  return { layers: pushed.map((layer) => layer.digest), stored, unpacked: layers * mebibytes * MIB }
}

/** A tar of one file, made in place: a general packer would hold it several times. */
function layerOf(name: string, size: number, fill: (content: Buffer) => unknown): Buffer {
  const tar = Buffer.alloc(512 + size + 1024)
  tar.write(name, 0)
  tar.write('0000644\x000000000\x000000000\0', 100)
  tar.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  tar.write('00000000000\0', 136)
  tar.write('        0', 148)
  tar.write('ustar\u000000', 257)
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  fill(tar.subarray(512, 512 + size))
  return tar
}

function fillWithText(content: Buffer): void {
  for (let at = 0; at < content.length; at += 1 << 16) content.write(randomBytes(1 << 15).toString('hex'), at, 'latin1')
}
