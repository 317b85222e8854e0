import type { Column } from '@/components/ui/table'
import { formatCount } from '@/lib/format/bytes'

/** How many images have a key, or a value of it. */
export const IMAGES: Column<{ readonly images: number }> = {
  id: 'images',
  width: 8,
  align: 'end',
  head: 'Images',
  stacked: 'images:',
  cell: ({ images }) => formatCount(images),
}
