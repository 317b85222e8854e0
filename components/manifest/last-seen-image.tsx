import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { LastSeenImage as Image } from '@/lib/data/manifest/read-last-seen-image'
import { plural } from '@/lib/format/bytes'
import { cutText } from '@/lib/format/folding'
import { FactList, FactRow } from './fact-list'

/** What is known of an image while its manifest can't be read. */
export function LastSeenImage({ image }: { image: Image }) {
  const { at, digest, mediaType, platforms, size, created, labels, labelCount } = image
  return (
    <div className="grid gap-4">
      <FactList title="Last seen" note={<Time iso={at} />}>
        <FactRow label="Digest">
          <Digest digest={digest} swatch />
        </FactRow>
        <FactRow label="Media type">
          <span className="mono">{mediaType}</span>
        </FactRow>
        {platforms.length > 0 && <FactRow label="Platforms">{platforms.join(', ')}</FactRow>}
        {size !== undefined && (
          <FactRow label="Compressed size">
            <Bytes bytes={size} />
          </FactRow>
        )}
        {created && (
          <FactRow label="Image created">
            <Time iso={created} />
          </FactRow>
        )}
      </FactList>
      {labels.length > 0 && (
        <FactList
          title="Labels"
          note={labelCount}
          footer={labels.length < labelCount && `The first ${labels.length} of ${plural(labelCount, 'label')}`}
        >
          {labels.map(({ key, value }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a key can be there twice, and the list doesn't change
            <FactRow key={index} label={<SafeText text={key} className="mono [overflow-wrap:anywhere]" />}>
              <SafeText text={cutText(value).shown} />
              {cutText(value).left > 0 && '…'}
            </FactRow>
          ))}
        </FactList>
      )}
    </div>
  )
}
