import type { RelatedImage } from '../../lib/data/manifest/read-lineage.ts'
import { plural } from '../../lib/format/bytes.ts'

/** How it is known that an image is built on another. */
export function baseEvidence({ layers, isNamed }: Pick<RelatedImage, 'layers' | 'isNamed'>): string {
  if (layers === undefined) return 'Known from the annotation …image.base.digest alone.'
  const shared = layers === 1 ? 'its only layer comes first here' : `its ${plural(layers, 'layer')} come first here`
  return isNamed ? `Known from its annotation, and ${shared}.` : `Known because ${shared}.`
}
