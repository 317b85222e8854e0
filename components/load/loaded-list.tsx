import { CircleCheck } from 'lucide-react'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { SafeText } from '@/components/ui/safe-text'
import type { LoadOutcome } from '@/lib/data/archives/load-archive'
import { plural } from '@/lib/format/bytes'
import { shortDigest } from '@/lib/format/digest'
import { manifestHref } from '@/lib/routes/href'

/** What was loaded from an archive, and what was skipped. */
export function LoadedList({ registry, outcome }: { registry: string; outcome: LoadOutcome }) {
  const { loaded, passedOver } = outcome
  return (
    <div role="status" className="space-y-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <CircleCheck aria-hidden className="size-5 text-good" />
        {plural(loaded.length, 'image')} loaded
      </p>
      <ul className="divide-y rounded-lg border">
        {loaded.map(({ repository, tag, name, digest, missing }) => (
          <li key={`${repository} ${tag} ${digest}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
            <Link
              href={manifestHref({ registry, repository }, tag ?? digest)}
              className="min-w-0 font-medium break-all hover:text-accent"
            >
              {repository}
              {tag && `:${tag}`}
            </Link>
            <Digest digest={digest} swatch />
            {name && (
              <span className="text-warn">
                untagged: <SafeText text={name} className="mono" /> isn’t a valid tag name
              </span>
            )}
            {missing.length > 0 && (
              <span className="text-warn">{plural(missing.length, 'platform')} not in the archive</span>
            )}
          </li>
        ))}
      </ul>
      {passedOver.length > 0 && (
        <Notice tone="warn" title={`${plural(passedOver.length, 'entry', 'entries')} skipped`}>
          <ul>
            {passedOver.map(({ digest, reason }) => (
              <li key={digest}>
                {shortDigest(digest)}: <SafeText text={reason} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  )
}
