import { ExternalLink, TriangleAlert } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { Digest } from '@/components/ui/digest'
import { Fold } from '@/components/ui/fold'
import { Link } from '@/components/ui/link'
import { SafeText, safeUrl } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { AboutView, LinkedText } from '@/lib/data/manifest/about'
import type { ImageExplanation } from '@/lib/data/policy/explain-image'
import { plural } from '@/lib/format/bytes'
import { isLong } from '@/lib/format/folding'
import { formatAbsolute } from '@/lib/format/time'
import { FactList, FactRow, NotSet } from './fact-list'

interface AboutProps {
  about: AboutView
  /** When the image was built, as its config says. */
  created?: string
  /** As the config says. */
  author?: string
  /** As the policies find it; absent where none says how. */
  owners?: ImageExplanation['owners']
  /** Where the base image's page is, if its registry is configured. */
  baseHref?: string
  /** Its config could not be read: what isn't here may be there. */
  isUnread?: boolean
  /** Labels that were added beside the image. */
  added?: React.ReactNode
}

/** Is this the right image, and may I use it? What an image says about itself, and what it doesn't. */
export function About({ about, created: built, author, owners = [], baseHref, isUnread = false, added }: AboutProps) {
  const { title, description, version, source, revision, vendor, documentation, url, base } = about
  const created = built ?? about.created
  const authors = about.authors ?? author
  const absent = isUnread ? <Unread /> : <NotSet />
  return (
    <FactList title="About" note="from its labels" footer={added}>
      {(title || description) && (
        <FactRow label="Title">
          {title && <SafeText text={title} className="block font-medium" />}
          {description && <Description text={description} />}
        </FactRow>
      )}
      <FactRow label="Version">{version ? <SafeText text={version} /> : absent}</FactRow>
      <FactRow label="Licence">
        <Licence about={about} isUnread={isUnread} />
      </FactRow>
      <FactRow label="Source">
        {source ? <Linked {...source} /> : absent}
        {source && !source.href && <span className="block text-xs text-muted">Not a web address, so not a link.</span>}
      </FactRow>
      <FactRow label="Revision">{revision ? <Linked {...revision} mono /> : absent}</FactRow>
      {owners.length > 0 && (
        <FactRow label="Owner">
          {owners.map((owner) => (
            <Owner key={owner.policy} owner={owner} isUnread={isUnread} />
          ))}
        </FactRow>
      )}
      {vendor && (
        <FactRow label="Vendor">
          <SafeText text={vendor} />
        </FactRow>
      )}
      {(documentation ?? url) && (
        <FactRow label="Documentation">
          <Linked text={documentation ?? url ?? ''} href={safeUrl(documentation ?? url ?? '')} />
        </FactRow>
      )}
      {base && (
        <FactRow label="Base image">
          <Base base={base} href={baseHref} />
        </FactRow>
      )}
      {authors && (
        <FactRow label="Authors">
          <SafeText text={authors} />
        </FactRow>
      )}
      <FactRow label="Created">
        {created ? (
          <>
            <Time iso={created} /> <span className="text-muted">({formatAbsolute(created)})</span>
          </>
        ) : isUnread ? (
          absent
        ) : (
          <NotSet>not recorded</NotSet>
        )}
      </FactRow>
    </FactList>
  )
}

function Description({ text }: { text: string }) {
  const shown = <SafeText text={text} className="block text-muted" />
  return isLong(text) ? <Fold>{shown}</Fold> : shown
}

function Unread() {
  return (
    <span className="unknown" title="The image’s config couldn’t be read">
      unknown
    </span>
  )
}

interface LicenceProps extends Pick<AboutProps, 'isUnread'> {
  about: AboutView
}

function Licence({ about: { licence, licenceElsewhere }, isUnread }: LicenceProps) {
  const missing = licenceElsewhere.filter(({ value }) => value === undefined).map(({ platform }) => platform)
  const others = licenceElsewhere.filter(({ value }) => value !== undefined)
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      {licence ? (
        <SafeText text={licence} className="mono" />
      ) : isUnread ? (
        <Unread />
      ) : (
        <Missing>no licence label</Missing>
      )}
      {missing.length > 0 && <Missing>no licence label on {named(missing)}</Missing>}
      {others.length > 0 && <Missing>another licence on {named(others.map(({ platform }) => platform))}</Missing>}
    </span>
  )
}

function Owner({ owner: { name, label, policy }, isUnread }: OwnerProps) {
  if (name === undefined) return isUnread ? <Unread /> : <Missing>no {label} label</Missing>
  return (
    <span className="block">
      <SafeText text={name} />{' '}
      <span className="text-xs text-muted">
        {label === undefined ? (
          `by the policy ${policy}`
        ) : (
          <>
            from the label <SafeText text={label} className="mono" />
          </>
        )}
      </span>
    </span>
  )
}

interface OwnerProps extends Pick<AboutProps, 'isUnread'> {
  owner: ImageExplanation['owners'][number]
}

function named(platforms: readonly string[]): string {
  return platforms.length > 2 ? plural(platforms.length, 'other platform') : platforms.join(' and ')
}

function Missing({ children }: { children: React.ReactNode }) {
  return (
    <Badge tone="warn" wrap>
      <TriangleAlert aria-hidden />
      <span className="break-normal">{children}</span>
    </Badge>
  )
}

function Linked({ text, href, mono = false }: LinkedText & { mono?: boolean }) {
  const shown = <SafeText text={text} className={mono ? 'mono' : undefined} />
  if (!href) return shown
  return (
    <a
      href={href}
      rel="noopener noreferrer nofollow"
      target="_blank"
      className="text-accent underline-offset-2 hover:underline"
    >
      {shown}
      <ExternalLink aria-hidden className="ml-1 inline size-3" />
    </a>
  )
}

function Base({ base: { name, digest }, href }: { base: NonNullable<AboutView['base']>; href: string | undefined }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {name &&
        (href ? (
          <Link href={href} className="text-accent underline-offset-2 hover:underline">
            <SafeText text={name} />
          </Link>
        ) : (
          <SafeText text={name} />
        ))}
      {digest && <Digest digest={digest} swatch />}
      {name && !href && <span className="text-xs text-muted">not in a configured registry</span>}
    </span>
  )
}
