/** In the place of a value that the image or the registry doesn't give. */
export function Unknown({ reason }: { reason: string | undefined }) {
  return (
    <span className="unknown" title={reason ?? 'Not recorded in the image'}>
      unknown
    </span>
  )
}
