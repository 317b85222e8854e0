/**
 * What an image can be downloaded as. `oci`: a tar of an OCI layout · `docker`: as `docker save` writes it ·
 * `rootfs`: the file system of all layers as one tar.
 */
const ARCHIVE_FORMATS = ['oci', 'docker', 'rootfs'] as const
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number]

export function isArchiveFormat(text: string): text is ArchiveFormat {
  return ARCHIVE_FORMATS.some((format) => format === text)
}
