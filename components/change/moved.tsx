import { CircleCheck, Undo2 } from 'lucide-react'
import { Digest } from '@/components/ui/digest'
import { SafeText } from '@/components/ui/safe-text'
import { manifestHref } from '@/lib/routes/href'

interface MovedProps {
  registry: string
  repository: string
  tag: string
  from: string
  to: string
  undone: boolean
}

/** A tag that has moved, and the digest it pointed at before: nothing else records that. */
export function Moved({ registry, repository, tag, from, to, undone }: MovedProps) {
  const Icon = undone ? Undo2 : CircleCheck
  return (
    <div role="status" className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <Icon aria-hidden className="size-5 shrink-0 text-good" />
        <SafeText text={undone ? `${tag} is back where it was.` : `${tag} has moved.`} />
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        <dt className="text-muted">Before</dt>
        <dd>
          <Digest digest={from} swatch href={manifestHref(registry, repository, from)} />
        </dd>
        <dt className="text-muted">{undone ? 'Then' : 'Now'}</dt>
        <dd>
          <Digest digest={to} swatch href={manifestHref(registry, repository, to)} />
        </dd>
      </dl>
      {!undone && (
        <p className="text-muted">
          Undo moves it back unless someone has moved it again. It’s offered only here: note the digest if you may need
          it later.
        </p>
      )}
    </div>
  )
}
