import { CopyButton } from '@/components/ui/copy-button'
import type { NotificationPage } from '@/lib/data/settings/notification-page'

interface SetupTextsProps {
  readonly registry: NotificationPage['registries'][number]
  /** Shows its products, and the text for the first of them, at once. */
  readonly isOpen: boolean
}

/** What to copy into each product for one registry. Opens without scripts. */
export function SetupTexts({ registry: { name, url, setups }, isOpen }: SetupTextsProps) {
  return (
    <section aria-labelledby={`events-${name}`} className="overflow-hidden rounded-xl border bg-surface shadow-xs">
      <h2 id={`events-${name}`} className="flex flex-wrap items-center gap-x-3 border-b px-4 py-2 text-sm font-medium">
        {name}
        <span className="flex min-w-0 items-center gap-1 font-mono text-xs font-normal break-all text-muted">
          {url}
          <CopyButton text={url} label={`Copy the address for ${name}`} size="icon-xs" />
        </span>
      </h2>
      <details open={isOpen}>
        <summary className="cursor-pointer px-4 py-2 text-sm text-muted">Settings to copy, by product</summary>
        <div className="divide-y border-t">
          {setups.map(({ product, where, text }, index) => (
            <details key={product} open={isOpen && index === 0} className="group px-4 py-2">
              <summary className="cursor-pointer text-sm font-medium">{product}</summary>
              <p className="mt-1 text-sm text-muted">{where} Replace EVENTS_SECRET with its value.</p>
              <div className="mt-2 flex items-start gap-2">
                <pre className="min-w-0 flex-1 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs">{text}</pre>
                <CopyButton text={text} label={`Copy the settings of ${product} for ${name}`} />
              </div>
            </details>
          ))}
        </div>
      </details>
    </section>
  )
}
