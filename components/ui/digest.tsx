import { isUnverifiable, shortDigest } from '@/lib/format/digest'
import { cn } from './cn'
import { CopyButton } from './copy-button'
import { Link } from './link'

/**
 * A digest: short, whole on hover and on copy. The swatch is made from the digest, so that equal digests look equal at
 * a glance; the digits are there for anyone who can't see colours. One that can't be verified says so, and links nowhere.
 */
export function Digest({
  digest,
  href,
  copy = true,
  swatch = false,
}: {
  digest: string
  href?: string | undefined
  copy?: boolean
  swatch?: boolean
}) {
  const isDead = isUnverifiable(digest)
  const text = <span className="mono">{shortDigest(digest)}</span>
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap [&>button]:self-center">
      {swatch && <DigestSwatch digest={digest} />}
      {href && !isDead ? (
        <Link href={href} title={digest} className="text-muted underline-offset-2 hover:text-accent hover:underline">
          {text}
        </Link>
      ) : (
        <span title={digest} className="text-muted">
          {text}
        </span>
      )}
      {isDead && (
        <span className="text-xs text-warn" title="Lading verifies sha256 and sha512 only, and opens nothing else">
          can’t be verified
        </span>
      )}
      {copy && <CopyButton text={digest} label={`Copy digest ${shortDigest(digest)}`} size="icon-xs" />}
    </span>
  )
}

/** Four fields of eight colours, from the first twelve bits: among a hundred digests few look alike, and neighbours do not. */
function DigestSwatch({ digest, className }: { digest: string; className?: string }) {
  return <i aria-hidden className={cn(swatchClass(digest), className)} />
}

/** The colours are in the style sheet: a page of a hundred digests only names them. */
export function swatchClass(digest: string): string {
  const start = digest.indexOf(':') + 1
  const bits = Number.parseInt(digest.slice(start, start + 3), 16)
  return `swatch a${(bits >> 9) & 7} b${(bits >> 6) & 7} c${(bits >> 3) & 7} d${bits & 7}`
}
