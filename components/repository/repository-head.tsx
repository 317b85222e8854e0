import { ShieldAlert } from 'lucide-react'
import { Breakable } from '@/components/ui/breakable'
import { Bytes } from '@/components/ui/bytes'
import { Link } from '@/components/ui/link'
import { Owners } from '@/components/ui/owners'
import { SafeText } from '@/components/ui/safe-text'
import type { RepositoryHead as Head } from '@/lib/data/registries/read-repository-head'
import { formatCount, plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { repositoryHref } from '@/lib/routes/href'
import { CopyButton } from './late-parts'

interface RepositoryHeadProps {
  place: Place
  head: Head
}

/** A repository's description from its highest release, its size, and how to pull it. */
export function RepositoryHead({ place, head }: RepositoryHeadProps) {
  const { images, bytes, isLowerBound, lead } = head
  return (
    <div className="mb-4 flex flex-wrap items-start gap-x-8 gap-y-3">
      <div className="min-w-0 flex-1 basis-96 space-y-1.5 text-sm">
        {lead?.description && <SafeText text={lead.description} className="line-clamp-2 block" />}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          {lead?.source && (
            <Fact name="Source">
              <SafeText text={lead.source} linked className="break-all" />
            </Fact>
          )}
          {lead && (
            <Fact name="Licence">
              <Licence lead={lead} /> <span className="text-muted">in {lead.tag}</span>
            </Fact>
          )}
          {head.owners.length > 0 && (
            <Fact name="Owner">
              <Owners owners={head.owners} />
            </Fact>
          )}
          <Fact name="Content">
            {isLowerBound && 'at least '}
            {plural(images, 'image')},{' '}
            <Link
              href={repositoryHref(place, { view: 'storage' })}
              className="underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-accent"
            >
              <Bytes bytes={bytes} />
            </Link>
          </Fact>
          {head.findings && (
            <Fact name="Findings">
              <Findings findings={head.findings} href={repositoryHref(place, { view: 'policy' })} />
            </Fact>
          )}
        </dl>
      </div>
      {lead?.pull && (
        <section
          aria-label={`Pull ${lead.tag}`}
          className="min-w-0 grow basis-104 divide-y overflow-hidden rounded-xl border bg-surface shadow-xs lg:max-w-md"
        >
          {lead.pull.byTag && <Command name="Tag" command={lead.pull.byTag} />}
          {lead.pull.byDigest && <Command name="Digest" command={lead.pull.byDigest} />}
          {lead.pull.note && <p className="px-3 py-1.5 text-xs text-muted">{lead.pull.note}</p>}
        </section>
      )}
    </div>
  )
}

const DIGEST = /(@sha\d+:[0-9a-f]{7})[0-9a-f]+([0-9a-f]{4})/

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Licence({ lead: { licence, isUnread } }: { lead: NonNullable<Head['lead']> }) {
  if (licence) return <SafeText text={licence} />
  return isUnread ? (
    <span className="unknown" title="The image’s labels couldn’t be read">
      unknown
    </span>
  ) : (
    <span className="text-warn">no licence label</span>
  )
}

interface FindingsProps {
  findings: NonNullable<Head['findings']>
  href: string
}

function Findings({ findings: { count, policies, isComplete }, href }: FindingsProps) {
  if (count === 0) return <span className="text-muted">none{!isComplete && ' so far'}</span>
  return (
    <Link href={href} className="inline-flex items-center gap-1.5 text-warn underline-offset-2 hover:underline">
      <ShieldAlert aria-hidden className="size-3.5" />
      {!isComplete && 'at least '}
      {formatCount(count)} open in {plural(policies, 'policy', 'policies')}
    </Link>
  )
}

/** Without room for the whole command, its middle is cut: the tag stays, if need be on two lines, and both ends of the digest. */
function Command({ name, command }: { name: string; command: string }) {
  const [, start = '', end = command] = /^(.*\/)([^/]*)$/.exec(command.replace(DIGEST, '$1…$2')) ?? []
  const [digest = ''] = /(?<=@)[^@]*$/.exec(end) ?? []
  return (
    <div className="flex items-center gap-3 py-0.5 pr-1 pl-3">
      <span className="w-10 shrink-0 text-xs text-muted">{name}</span>
      <code className="mono flex min-w-0 flex-1 text-sm" title={command}>
        <span className="min-w-12 shrink-9999 truncate whitespace-pre">{start}</span>
        <span className="min-w-0">
          <Breakable text={end.slice(0, end.length - digest.length)} />
          <wbr />
          <span className="whitespace-nowrap">{digest}</span>
        </span>
      </code>
      <CopyButton text={command} label={`Copy the command by ${name.toLowerCase()}`} />
    </div>
  )
}
