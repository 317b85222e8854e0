/** A layer's media type without what all of them share: `tar+gzip`, `docker tar.gzip`. The whole belongs in the title. */
export function shortMediaType(mediaType: string): string {
  return mediaType
    .replace(/^application\/vnd\.oci\.image\.layer\.(nondistributable\.)?v1\./, (_, foreign) =>
      foreign ? 'nondistributable ' : '',
    )
    .replace(/^application\/vnd\.docker\.image\.rootfs\.(foreign\.)?diff\./, (_, foreign) =>
      foreign ? 'docker foreign ' : 'docker ',
    )
    .replace(/^application\/vnd\./, '')
    .replace(/^application\//, '')
}
