import type { Words } from '@/lib/filter/describe-term'
import { visibleText } from '@/lib/format/visible-text'

/** What a query asks for, as a sentence. */
export function QueryWords({ words }: { words: Words }) {
  return (
    <p className="[overflow-wrap:anywhere]">
      {words.map(({ text, strong }, index) =>
        strong ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence have no other identity
          <strong key={index} className="font-semibold text-ink">
            {visibleText(text)}
          </strong>
        ) : (
          text
        ),
      )}
    </p>
  )
}
