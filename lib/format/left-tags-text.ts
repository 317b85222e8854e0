import { listedTags } from './listed-tags.ts'

/** Why an undo leaves tags: `latest points at another image now, and stays there.` */
export function leftTagsText(tags: readonly string[]): string {
  const names = listedTags(tags)
  return tags.length === 1
    ? `${names} points at another image now, and stays there.`
    : `${names} point at other images now, and stay there.`
}
