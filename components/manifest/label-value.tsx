import { Fold } from '@/components/ui/fold'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { formatBytes } from '@/lib/format/bytes'
import { cutText, isLong, prettyJson } from '@/lib/format/folding'

/** At most this much of one value is rendered, even unfolded: its export has all of it. */
const WHOLE = 256 * 1024

/** A value as text, JSON indented; long ones are folded, very long ones cut. */
export function LabelValue({ value, isWhole, wholeHref }: { value: string; isWhole: boolean; wholeHref: string }) {
  const json = prettyJson(value.length <= WHOLE ? value : '')
  const { shown, left } = cutText(json ?? value, isWhole ? WHOLE : undefined)
  const text = <SafeText text={shown} linked={left === 0} className={json ? 'mono' : undefined} longest={WHOLE} />
  return (
    <>
      {isLong(shown) && !isWhole ? <Fold show={left > 0 ? 'Show more' : undefined}>{text}</Fold> : text}
      {left > 0 && (
        <span className="block text-xs text-muted">
          … {formatBytes(left)} more
          {isWhole ? ': copy the labels as JSON to get all of it' : ''}
          {!isWhole && (
            <>
              {' · '}
              <Link href={wholeHref} className="font-medium text-accent underline-offset-2 hover:underline">
                Show whole
              </Link>
            </>
          )}
        </span>
      )}
    </>
  )
}
