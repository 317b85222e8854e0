import { ArrowRight } from 'lucide-react'
import { Bytes } from '@/components/ui/bytes'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import type { DiffPage, DiffSideView } from '@/lib/data/manifest/read-diff'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref } from '@/lib/routes/href'
import { isDigestSelector } from '@/lib/routes/selector'
import { changeOf } from './size-change'

/** What is compared, and how the sizes differ. */
export function DiffSides({ page }: { page: DiffPage }) {
  const totals = page.images.ok ? page.images.value.diff.totals : undefined
  return (
    <div className="rounded-xl border bg-surface shadow-xs">
      <div className="grid items-center gap-3 px-4 py-3 sm:grid-cols-[1fr_auto_1fr]">
        <Side label="Before" side={page.a} />
        <ArrowRight aria-hidden className="size-4 text-faint max-sm:rotate-90" />
        <Side label="After" side={page.b} />
      </div>
      {totals && (
        <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t bg-sunken/50 px-4 py-2 text-xs text-muted">
          <Total label={page.platform ? `Layers of ${page.platform}` : 'Layers'}>
            <Bytes bytes={totals.beforeBytes} /> → <Bytes bytes={totals.afterBytes} />{' '}
            <strong className="font-medium text-ink">
              {changeOf(totals.beforeBytes, totals.afterBytes) ?? 'no change'}
            </strong>
          </Total>
          <Total label="Shared">
            <Bytes bytes={totals.sharedBytes} />
          </Total>
          <Total label="Only before">
            <Bytes bytes={totals.removedBytes} />
          </Total>
          <Total label="Only after">
            <Bytes bytes={totals.addedBytes} />
          </Total>
          {totals.unknownSizes > 0 && <span>{plural(totals.unknownSizes, 'layer')} of unknown size</span>}
        </dl>
      )}
    </div>
  )
}

function Side({ label, side }: { label: string; side: DiffSideView }) {
  const { registry, repository, selector, compared, digest } = side
  return (
    <div className="min-w-0">
      <p className="text-xs text-muted">
        {label}, {registry}
      </p>
      <p className="font-medium break-all">
        <Link href={manifestHref(side, selector)} className="hover:text-accent">
          {repository}
          {isDigestSelector(selector) ? `@${shortDigest(selector)}` : `:${selector}`}
        </Link>
      </p>
      <SideDigest side={side} digest={digest} note={compared.digest === digest ? compared.platform : 'index'} />
      {compared.digest !== digest && (
        <SideDigest
          side={side}
          digest={compared.digest}
          note={compared.platform && `${compared.platform} in this index`}
        />
      )}
    </div>
  )
}

function SideDigest({ side, digest, note }: { side: DiffSideView; digest: string; note: string | undefined }) {
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 text-sm">
      <Digest digest={digest} swatch href={manifestHref(side, digest)} copy={false} />
      {note && <span className="text-xs text-muted">{note}</span>}
    </p>
  )
}

function Total({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt>{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  )
}
