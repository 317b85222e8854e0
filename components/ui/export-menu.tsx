import { Braces, ChevronDown, Download, Rows3, Sheet } from 'lucide-react'
import { useId } from 'react'
import { buttonStyles } from './button'

const FORMATS = {
  csv: { label: 'CSV, for spreadsheets', icon: Sheet },
  ndjson: { label: 'NDJSON, a row per line', icon: Rows3 },
  json: { label: 'JSON', icon: Braces },
} as const

interface ExportMenuProps {
  readonly files: readonly { readonly format: keyof typeof FORMATS; readonly href: string }[]
  /** How many rows, where that is known: `1,204`. */
  readonly count?: string | undefined
  readonly size?: 'sm' | 'md'
}

/** What a page shows as a file, in the formats there are. Opens without scripts, and closes on Esc or a click elsewhere. */
export function ExportMenu({ files, count, size }: ExportMenuProps) {
  const id = useId()
  return (
    <>
      <button type="button" popoverTarget={id} className={buttonStyles({ size })}>
        <Download aria-hidden />
        {count ? `Export ${count}` : 'Export'}
        <ChevronDown aria-hidden />
      </button>
      <ul id={id} popover="auto" className="popover-menu">
        {files.map(({ format, href }) => {
          const { label, icon: Icon } = FORMATS[format]
          return (
            <li key={format}>
              <a
                href={href}
                download
                className="flex h-8 items-center gap-2.5 rounded-md px-2.5 hover:bg-sunken [&_svg]:size-4 [&_svg]:opacity-70"
              >
                <Icon aria-hidden />
                {label}
              </a>
            </li>
          )
        })}
      </ul>
    </>
  )
}
