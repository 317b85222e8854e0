import { Fragment } from 'react'

/** A name that wraps after `/`, `-`, `_` or `.`, and within a word only if that alone doesn't fit. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=[/_.-])/)
  return (
    <span className="break-words">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name have no other identity
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  )
}
