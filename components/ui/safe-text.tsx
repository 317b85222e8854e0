import { cutText } from '@/lib/format/folding'
import { visibleText } from '@/lib/format/visible-text'

interface SafeTextProps {
  text: string
  linked?: boolean
  className?: string
  /** Characters that are shown: any text of an image may have a million. */
  longest?: number
}

/**
 * Text from an image: never markup, cut off from the direction of the text around it, with what is invisible made
 * visible. Linked only where the whole of it is an http or https URL.
 */
export function SafeText({ text: whole, linked = false, className, longest }: SafeTextProps) {
  const { shown, left } = cutText(whole, longest)
  const text = left > 0 ? `${shown}…` : shown
  const href = linked && left === 0 ? safeUrl(text) : undefined
  return (
    <bdi className={className}>
      {href ? (
        <a
          href={href}
          rel="noopener noreferrer nofollow"
          target="_blank"
          className="text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
        >
          {visibleText(text)}
        </a>
      ) : (
        <span className="whitespace-pre-wrap">
          {text === '' ? <span className="text-muted">empty</span> : visibleText(text)}
        </span>
      )}
    </bdi>
  )
}

/** Undefined unless the whole text is an http or https URL without credentials. */
export function safeUrl(text: string): string | undefined {
  if (!/^https?:\/\/[^\s\\]+$/i.test(text)) return undefined
  const url = URL.parse(text)
  return url && !url.username && !url.password ? url.href : undefined
}
