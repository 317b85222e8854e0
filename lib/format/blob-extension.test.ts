import { expect, test } from 'vitest'
import { blobExtension } from './blob-extension.ts'

test.each([
  ['application/vnd.oci.image.layer.v1.tar', 'tar'],
  ['application/vnd.oci.image.layer.v1.tar+gzip', 'tar.gz'],
  ['application/vnd.oci.image.layer.v1.tar+zstd', 'tar.zst'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'tar.gz'],
  ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'tar.gz'],
  ['application/vnd.oci.image.config.v1+json', 'json'],
  ['application/vnd.oci.image.layer.v1.tar+gzip+encrypted', 'blob'],
  ['../../x', 'blob'],
  ['', 'blob'],
])('a blob of type %j is downloaded as .%s', (mediaType, extension) => expect(blobExtension(mediaType)).toBe(extension))
