import { Fragment } from 'react'

/** A name with slashes, which breaks behind one of them rather than within a word. */
export function Breakable({ text }: { text: string }) {
  const parts = text.split(/(?<=\/)/)
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name have no other identity
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}
