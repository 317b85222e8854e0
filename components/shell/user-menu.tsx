import {
  ChevronDown,
  KeyRound,
  Lock,
  LogOut,
  MonitorSmartphone,
  ScrollText,
  UserRound,
  UserRoundCheck,
} from 'lucide-react'
import { Link } from '@/components/ui/link'
import { PagePopover } from '@/components/ui/page-popover'
import { accessHref, auditorHref, protectionHref, sessionsHref, tokensHref } from '@/lib/routes/href'

const ID = 'user-menu'
const ENTRIES = [
  { name: 'What you may do', href: accessHref(), icon: UserRoundCheck },
  { name: 'Sessions', href: sessionsHref(), icon: MonitorSmartphone },
  { name: 'Access tokens', href: tokensHref, icon: KeyRound },
] as const

const PROTECTION = { name: 'Protected tags', href: protectionHref, icon: Lock } as const
const AUDITOR = { name: 'For auditors', href: auditorHref, icon: ScrollText } as const

export interface UserMenuProps {
  username: string
  /** What the user may do, strongest first. */
  rights: readonly string[]
  /** Which of the pages that not everyone may open are offered. */
  opens: { readonly auditor: boolean; readonly protection: boolean }
  signOut: () => Promise<void>
}

/** The signed-in user and their rights, links to settings, and sign-out. */
export function UserMenu({ username, rights, opens, signOut }: UserMenuProps) {
  const [first = 'no access yet', ...others] = rights
  return (
    <>
      <button
        type="button"
        popoverTarget={ID}
        aria-label={`${username}: ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`}
        className="flex items-center gap-1 rounded-md px-2 py-0.5 text-left hover:bg-sunken"
      >
        <UserRound aria-hidden className="size-4 text-muted sm:hidden" />
        <span className="flex max-w-40 flex-col leading-tight max-sm:hidden">
          <span className="truncate text-sm">{username}</span>
          <span className="truncate text-2xs text-muted">
            {first}
            {others.length > 0 && ` and ${others.length} more`}
          </span>
        </span>
        <ChevronDown aria-hidden className="size-3.5 text-muted max-sm:hidden" />
      </button>
      <PagePopover
        id={ID}
        className="fixed inset-auto top-12 right-3 m-0 w-72 max-w-[calc(100vw-1.5rem)] rounded-lg border bg-raised p-1 text-sm text-ink shadow-(--shadow)"
      >
        <section aria-label="Your rights" className="border-b px-2.5 pt-1.5 pb-2.5">
          <p className="font-medium">{username}</p>
          {rights.length === 0 ? (
            <p className="text-xs text-muted">No access yet. Ask your administrator.</p>
          ) : (
            <ul className="max-h-60 overflow-y-auto text-xs text-muted [overflow-wrap:anywhere]">
              {rights.map((right) => (
                <li key={right}>{right}</li>
              ))}
            </ul>
          )}
        </section>
        <ul className="py-1">
          {[...(opens.auditor ? [AUDITOR] : []), ...ENTRIES, ...(opens.protection ? [PROTECTION] : [])].map(
            ({ name, href, icon: Icon }) => (
              <li key={href}>
                <Link href={href} className="flex h-8 items-center gap-2.5 rounded-md px-2.5 hover:bg-sunken">
                  <Icon aria-hidden className="size-4 opacity-70" />
                  {name}
                </Link>
              </li>
            ),
          )}
        </ul>
        <form action={signOut} className="border-t pt-1">
          <button
            type="submit"
            data-palette="Sign out"
            className="flex h-8 w-full items-center gap-2.5 rounded-md px-2.5 hover:bg-sunken"
          >
            <LogOut aria-hidden className="size-4 opacity-70" />
            Sign out
          </button>
        </form>
      </PagePopover>
    </>
  )
}
