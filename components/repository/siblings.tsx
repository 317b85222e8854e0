import type { SharedDigests } from '@/lib/data/tags/shared-digests'

interface SiblingsProps {
  tag: string
  digest: string
  shared: SharedDigests
}

/** How many tags are on the digest, with the others named on hover: only of this page if not all are known. */
export function Siblings({ tag, digest, shared: { among, isLowerBound, byDigest } }: SiblingsProps) {
  const { count = 0, tags = [] } = byDigest[digest] ?? {}
  const others = tags.filter((other) => other !== tag)
  const more = count - 1 - others.length
  return (
    <small title={`Same digest as ${others.join(', ')}${more > 0 ? ` and ${more} more` : ''}`}>
      {isLowerBound && 'at least '}
      {among === 'repository' ? `${count} tags` : `${count} on this page`}
      <span className="sr-only"> with this digest</span>
    </small>
  )
}
