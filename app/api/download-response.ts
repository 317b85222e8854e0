interface Download {
  readonly filename: string
  /** In bytes, where it is known before the first of them. */
  readonly size?: number | undefined
  readonly mediaType?: string
}

/** A download: never rendered by the browser, whatever it claims to be, and kept by no cache. */
export function downloadResponse(
  body: BodyInit,
  { filename, size, mediaType = 'application/octet-stream' }: Download,
): Response {
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      ...(size !== undefined && { 'content-length': String(size) }),
      'content-disposition': `attachment; filename="${filename}"`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    },
  })
}
