import type { Descriptor } from './descriptor.ts'
import { isNonDistributable } from './media-type.ts'

/**
 * True for content that a registry need not hold, as the base layers of Windows images were: its descriptor has `urls`,
 * or its type says that it may not be redistributed. Many registries hold it all the same: ask.
 */
export function isForeignLayer({ urls, mediaType }: Pick<Descriptor, 'urls' | 'mediaType'>): boolean {
  return (urls !== undefined && urls.length > 0) || isNonDistributable(mediaType)
}
