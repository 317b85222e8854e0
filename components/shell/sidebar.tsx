import { PanelLeft, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { PagePopover } from '@/components/ui/page-popover'
import { MainLinks } from './main-links'
import { ThemeToggle } from './theme-toggle'

const ID = 'sidebar'

/** Next to the page if there is room; on a narrow screen, a drawer that Escape, its button or a link closes. */
export function Sidebar({ children }: { children: React.ReactNode }) {
  return (
    <PagePopover
      as="aside"
      id={ID}
      aria-label="Registries"
      className="fixed inset-y-0 left-0 m-0 h-dvh max-h-none w-[min(20rem,88vw)] flex-col border-r bg-surface text-ink shadow-(--shadow) backdrop:bg-black/40 open:flex lg:sticky lg:top-12 lg:flex lg:h-[calc(100dvh-3rem)] lg:w-72 lg:shrink-0 lg:shadow-none"
    >
      <div className="flex h-12 shrink-0 items-center justify-between px-4 lg:hidden">
        <span className="flex-1 font-semibold">Repositories</span>
        {/* Where the header has no room for it. */}
        <span className="sm:hidden">
          <ThemeToggle />
        </span>
        <Button variant="ghost" size="icon" aria-label="Close" popoverTarget={ID} popoverTargetAction="hide">
          <X aria-hidden />
        </Button>
      </div>
      <nav aria-label="Pages" className="shrink-0 border-b px-3 py-2 xl:hidden">
        <MainLinks className="flex flex-wrap gap-0.5" />
      </nav>
      {children}
    </PagePopover>
  )
}

export function SidebarToggle() {
  return (
    <Button variant="ghost" size="icon" className="-ml-1 lg:hidden" aria-label="Repositories" popoverTarget={ID}>
      <PanelLeft aria-hidden />
    </Button>
  )
}
