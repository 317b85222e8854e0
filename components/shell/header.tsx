import { GitCompareArrows } from 'lucide-react'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { SignInLink } from '@/components/ui/sign-in-link'
import { diffHref, homeHref } from '@/lib/routes/href'
import { PaletteButton } from '../palette/palette-button'
import { JobsLink } from './late-parts'
import { Logo } from './logo'
import { MainLinks } from './main-links'
import { SidebarToggle } from './sidebar'
import { SignedIn } from './signed-in'
import { ThemeToggle } from './theme-toggle'
import { UserMenu, type UserMenuProps } from './user-menu'

interface HeaderProps extends Pick<UserMenuProps, 'rights' | 'opens' | 'signOut'> {
  /** Absent for anonymous visitors. */
  username?: string
  /** Jobs of this visitor. */
  unfinishedJobs: number
}

export function Header({ username, unfinishedJobs, ...menu }: HeaderProps) {
  return (
    <header className="sticky top-0 z-20 flex h-12 shrink-0 items-center gap-2 border-b bg-surface px-3 sm:px-4">
      <SidebarToggle />
      <Link href={homeHref} className="flex items-center gap-2 rounded-md pr-1 font-semibold tracking-tight lg:w-69">
        <Logo className="size-5" />
        <span className="max-sm:sr-only">Lading</span>
      </Link>
      {/* Its field begins where the content does, which stays in the middle of a wide window. */}
      <div className="flex min-w-0 flex-1 px-1 max-lg:justify-center lg:pl-[calc(1.25rem+max(0px,(100vw-122rem)/2))]">
        <PaletteButton />
      </div>
      <nav aria-label="Main" className="flex items-center gap-0.5">
        <MainLinks className="flex items-center gap-0.5 max-xl:hidden" />
        <Link
          href={diffHref()}
          title="Compare two images"
          aria-label="Compare"
          className={buttonStyles({ variant: 'ghost', size: 'icon', className: 'max-sm:hidden' })}
        >
          <GitCompareArrows aria-hidden />
        </Link>
        <JobsLink unfinished={unfinishedJobs} />
        <span className="max-sm:hidden">
          <ThemeToggle />
        </span>
        {username ? (
          <SignedIn>
            <UserMenu username={username} {...menu} />
          </SignedIn>
        ) : (
          <SignInLink isCompact />
        )}
      </nav>
    </header>
  )
}
