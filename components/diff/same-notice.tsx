import { Notice } from '@/components/ui/notice'
import type { DiffPage } from '@/lib/data/manifest/read-diff'
import { indexDifference } from './index-difference'

/** Both sides lead to the same image. Their indexes may still differ in other entries. */
export function SameNotice({ page: { a, b, entries, platform = a.compared.platform } }: { page: DiffPage }) {
  if (a.digest === b.digest)
    return <Notice title="Same image">Both sides have the same digest, so there is nothing to compare.</Notice>
  return (
    <Notice title={`${platform ?? 'The image'} is the same on both sides`}>
      {entries.length === 0
        ? `One side is an index that lists this image; the other side is the image itself.`
        : sentenceOf(indexDifference(entries))}
    </Notice>
  )
}

function sentenceOf(difference: string): string {
  return difference === ''
    ? 'All other entries are the same too: the two indexes differ only in annotations or in the order of entries.'
    : `The indexes differ: ${difference}.`
}
