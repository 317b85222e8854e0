import { Notice } from '@/components/ui/notice'
import type { DiffPage } from '@/lib/data/manifest/read-diff'
import { indexDifference } from './index-difference'

/** Both sides led to one image. Whether all of them is the same is another question: an index holds more than one. */
export function SameNotice({ page: { a, b, platforms, platform = a.compared.platform } }: { page: DiffPage }) {
  if (a.digest === b.digest)
    return <Notice title="The same manifest">Both sides are the same to the byte, under the same digest.</Notice>
  return (
    <Notice title={`${platform ?? 'The image'} is the same on both sides`}>
      {platforms.length === 0
        ? `One side is an index, and this image is in it; the other side is the image itself.`
        : sentenceOf(indexDifference(platforms))}
    </Notice>
  )
}

function sentenceOf(difference: string): string {
  return difference === ''
    ? 'Every other entry is the same as well: the two indexes differ in their annotations or in the order of their entries.'
    : `The indexes are not the same: ${difference}.`
}
