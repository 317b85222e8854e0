import { Download } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Bytes } from '@/components/ui/bytes'
import { CopyButton } from '@/components/ui/copy-button'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/pager'
import { Panel } from '@/components/ui/panel'
import type { RawManifest } from '@/lib/data/manifest/read-manifest'
import type { JsonToken } from '@/lib/format/json-lines'
import { jsonPage } from '@/lib/format/json-page'
import { visibleText } from '@/lib/format/visible-text'
import { knownType } from '@/lib/oci/known-types'
import type { Place } from '@/lib/oci/place'
import { digestHref } from '@/lib/routes/href'

/** A longer document is copied from the server: it would be in the page twice. */
const COPIED = 16 * 1024

interface RawJsonProps {
  raw: RawManifest
  place: Place
  /** From 1. */
  page: number
  hrefOf: (page: number) => string
  /** The manifest that this is, so that its blobs lead back to it. */
  from?: string
  /** Where the exact document is downloaded. */
  download: string
}

/** The exact document, indented: every digest links to its content, every media type to its specification. */
export function RawJson({ raw, place, page: wanted, hrefOf, from, download }: RawJsonProps) {
  const { lines, total, page, size, isCut } = jsonPage(printed(raw.text), wanted)
  return (
    <>
      <Panel>
        <div className="flex h-10 items-center gap-3 border-b pr-2 pl-4 text-xs text-muted">
          <span className="mono truncate">{raw.mediaType}</span>
          <span className="ml-auto whitespace-nowrap">
            <Bytes bytes={new TextEncoder().encode(raw.text).length} />, indented for reading
          </span>
          <span className="flex">
            {raw.text.length <= COPIED && <CopyButton text={raw.text} label="Copy the exact document" />}
            <a
              href={download}
              download
              title="Download the exact document"
              aria-label="Download the exact document"
              className={buttonStyles({ variant: 'ghost', size: 'icon-sm' })}
            >
              <Download aria-hidden />
            </a>
          </span>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <pre tabIndex={0} className="mono overflow-x-auto py-3 text-xs leading-6">
          <code>
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
              <span key={index} className="flex">
                <span aria-hidden className="w-12 shrink-0 pr-4 text-right text-faint select-none">
                  {(page - 1) * size + index + 1}
                </span>
                <span className="pr-4 whitespace-pre">
                  {line.map((token, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other identity
                    <Token key={at} token={token} place={place} from={from} />
                  ))}
                  {'\n'}
                </span>
              </span>
            ))}
          </code>
        </pre>
        {isCut && (
          <p className="border-t px-4 py-2 text-xs text-muted">
            Some lines are cut. Download the document to see all of it.
          </p>
        )}
      </Panel>
      <Pager count={total} size={size} page={page} hrefOf={hrefOf} />
    </>
  )
}

const COLORS: Partial<Record<JsonToken['kind'], string>> = {
  key: 'text-accent',
  string: 'text-good',
  number: 'text-warn',
  literal: 'text-warn',
  punctuation: 'text-faint',
}

interface TokenProps {
  token: JsonToken
  place: Place
  from: string | undefined
}

function Token({ token, place, from }: TokenProps) {
  const text = visibleText(token.text)
  if (token.kind === 'digest')
    return (
      <Link
        href={digestHref(place, token.text.slice(1, -1), { from })}
        className="text-ink underline decoration-line-strong underline-offset-2 hover:text-accent"
      >
        {text}
      </Link>
    )
  if (token.kind === 'media-type') {
    const document = knownType(token.text.slice(1, -1)).document
    if (document)
      return (
        <a
          href={document}
          rel="noopener noreferrer"
          target="_blank"
          className="text-good underline decoration-line-strong underline-offset-2 hover:text-accent"
        >
          {text}
        </a>
      )
  }
  return <span className={COLORS[token.kind === 'media-type' ? 'string' : token.kind]}>{text}</span>
}

function printed(text: string): string {
  try {
    // Where JavaScript can't represent a number exactly (rare in manifests), the text is left as it is.
    const value: unknown = JSON.parse(text)
    return /\d{16}|\d\.\d|[eE][+-]?\d/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))
      ? text
      : JSON.stringify(value, null, 2)
  } catch {
    return text
  }
}
