import { shortDigest } from '@/lib/format/digest'
import { cn } from './cn'
import { CopyButton } from './copy-button'
import { Link } from './link'

/**
 * A digest: short, whole on hover and on copy. The swatch is made from the digest, so that equal digests are seen to be
 * equal from afar; the digits say it to those who do not see colours.
 */
export function Digest({
  digest,
  href,
  copy = true,
  swatch = false,
}: {
  digest: string
  href?: string
  copy?: boolean
  swatch?: boolean
}) {
  const text = <span className="mono">{shortDigest(digest)}</span>
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      {swatch && <DigestSwatch digest={digest} />}
      {href ? (
        <Link href={href} title={digest} className="text-muted underline-offset-2 hover:text-accent hover:underline">
          {text}
        </Link>
      ) : (
        <span title={digest} className="text-muted">
          {text}
        </span>
      )}
      {copy && <CopyButton text={digest} label={`Copy digest ${shortDigest(digest)}`} size="icon-xs" />}
    </span>
  )
}

export function DigestSwatch({ digest, className }: { digest: string; className?: string }) {
  const hex = digest.slice(digest.indexOf(':') + 1)
  const hue = Number.parseInt(hex.slice(0, 4), 16) % 360
  const other = (hue + 40 + (Number.parseInt(hex.slice(4, 6), 16) % 120)) % 360
  return (
    <span
      aria-hidden
      className={cn('inline-block size-2.5 shrink-0 rounded-[3px]', className)}
      style={{ background: `linear-gradient(135deg, oklch(0.66 0.13 ${hue}) 50%, oklch(0.66 0.13 ${other}) 50%)` }}
    />
  )
}
