const OCI = 'https://github.com/opencontainers/image-spec/blob/v1.1.1'
const DOCKER = 'https://distribution.github.io/distribution/spec/manifest-v2-2'

/** Where each family of media types is specified. Tried in order. */
const DOCUMENTS: readonly (readonly [pattern: RegExp, url: string])[] = [
  [/^application\/vnd\.oci\.image\.index\./, `${OCI}/image-index.md`],
  [/^application\/vnd\.oci\.image\.manifest\./, `${OCI}/manifest.md`],
  [/^application\/vnd\.oci\.image\.config\./, `${OCI}/config.md`],
  [/^application\/vnd\.oci\.image\.layer\./, `${OCI}/layer.md`],
  [/^application\/vnd\.oci\.empty\./, `${OCI}/manifest.md#guidance-for-an-empty-descriptor`],
  [/^application\/vnd\.oci\./, `${OCI}/media-types.md`],
  [
    /^application\/vnd\.docker\.distribution\.manifest\.v1/,
    'https://distribution.github.io/distribution/spec/deprecated-schema-v1/',
  ],
  [/^application\/vnd\.docker\./, `${DOCKER}/`],
  [/^application\/vnd\.cncf\.helm\./, 'https://helm.sh/docs/topics/registries/'],
  [/^application\/vnd\.in-toto/, 'https://github.com/in-toto/attestation'],
  [/^application\/vnd\.dsse\.envelope/, 'https://github.com/secure-systems-lab/dsse'],
  [/^application\/vnd\.dev\.sigstore\.bundle/, 'https://docs.sigstore.dev/about/bundle/'],
  [/^application\/vnd\.dev\.cosign\./, 'https://docs.sigstore.dev/cosign/system_config/specifications/'],
  [/^application\/(?:spdx|vnd\.spdx)/, 'https://spdx.dev/use/specifications/'],
  [/^application\/vnd\.cyclonedx/, 'https://cyclonedx.org/specification/overview/'],
]

/** The document that specifies a media type; undefined for one that Lading does not know. */
export function mediaTypeDocument(mediaType: string): string | undefined {
  return DOCUMENTS.find(([pattern]) => pattern.test(mediaType))?.[1]
}
